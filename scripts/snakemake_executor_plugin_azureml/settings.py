"""Which options does the executor have on the command line, in a profile and in the environment?

Every option is a text and may be left out: `options.resolve_options` says what comes out of it.
"""

# The types must be real ones, not texts of the future: Snakemake calls them to read a value.
from dataclasses import dataclass, field

from snakemake_interface_executor_plugins.settings import ExecutorSettingsBase


def option(sentence: str) -> str:
    """Return a field that is also read from the variable SNAKEMAKE_AZUREML_<FIELD>."""
    return field(default="", metadata={"help": sentence, "env_var": True})


@dataclass
class ExecutorSettings(ExecutorSettingsBase):
    """Options `--azureml-...`; profiles/README.md shows how they are used. Empty: not stated."""

    workspace: str = option("Name of the workspace.")
    resource_group: str = option("Resource group of the workspace.")
    subscription_id: str = option("Id of the subscription, such as 00000000-0000-....")
    tenant_id: str = option("Id of the directory that a service principal belongs to.")
    application_id: str = option(
        "Id of a service principal; its secret stays in the environment (APPLICATION_KEY)."
    )
    cluster: str = option("Name of the compute cluster.")
    experiment: str = option("Name of the experiment; the branch of git if left out.")
    environment: str = option(
        "Environment of the workspace, NAME or NAME:VERSION; built from the conda file if left out."
    )
    conda_file: str = option("File of the conda environment that runs need.")
    docker_image: str = option("Base image of the environment that is built.")
    docker_shm_size: str = option("Shared memory of a run's container, such as 16g (default).")
    datastore: str = option("Datastore that inputs go to; the workspace's default if left out.")
    datasets_datastore: str = option(
        "Datastore with a folder for each data set; innereyedatasets if left out."
    )
    tag: str = option("Short text that is shown as the name of each run.")
    tags: str = option("Further tags of each run: NAME=VALUE,NAME=VALUE or a JSON object.")
    time_limit: str = option("Longest time of a run: minutes, or 90s, 1.5h, 2d.")
    download: str = option(
        "What comes back of a run: all (default), or declared outputs only, and volumes stay."
    )
    upload_warning_gb: str = option("Warn before more than so many gigabytes go up (default: 10).")
    settings_file: str = option(
        "InnerEye's settings.yml; the one in the working directory if left out."
    )
