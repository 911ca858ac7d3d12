"""How does a request become what azureml-core submits? Everything is stated: its defaults are old."""

import hashlib
from collections.abc import Mapping
from typing import Any

from snakemake_executor_plugin_azureml.workspace import Image, Mount, RunRequest, WorkspaceError

# The service's own default; a run without a limit of ours must not end at the client's 30 days.
LONGEST_RUN_S = 30 * 24 * 3600


def script_run(workspace: Any, request: RunRequest) -> Any:
    """Return azureml-core's ScriptRunConfig of a request.

    Raises:
        WorkspaceError: the request names nothing to compute in.
    """
    from azureml.core import ScriptRunConfig  # noqa: PLC0415
    from azureml.core.runconfig import DockerConfiguration, PyTorchConfiguration  # noqa: PLC0415

    nodes = int(request.num_nodes)  # numpy's numbers cannot be written as JSON
    several = PyTorchConfiguration(process_count=nodes, node_count=nodes) if nodes > 1 else None
    config = ScriptRunConfig(
        source_directory=str(request.sources),
        command=request.command,
        compute_target=request.cluster,
        environment=_environment(workspace, request.image),
        distributed_job_config=several,
        docker_runtime_config=DockerConfiguration(
            use_docker=True, shm_size=str(request.image.shm_size)
        ),
        max_run_duration_seconds=int(request.time_limit_s or LONGEST_RUN_S),
    )
    run = config.run_config
    run.data_references = _references(request.mounts)
    run.environment_variables = {str(k): str(v) for k, v in request.variables.items()}
    return config


def _references(mounts: Mapping[str, Mount]) -> dict[str, Any]:
    from azureml.core.runconfig import DataReferenceConfiguration  # noqa: PLC0415

    return {
        name: DataReferenceConfiguration(
            datastore_name=mount.datastore, mode="mount", path_on_datastore=mount.path
        )
        for name, mount in mounts.items()
    }


def _environment(workspace: Any, image: Image) -> Any:
    from azureml.core import Environment  # noqa: PLC0415

    if image.name:
        name, _, version = image.name.partition(":")
        return Environment.get(workspace, name, version or None)
    if image.conda_file is not None:
        content = image.conda_file.read_bytes()
        name = f"{image.conda_file.stem}-{hashlib.sha256(content).hexdigest()[:12]}"
        environment = Environment.from_conda_specification(name, str(image.conda_file))
    elif image.docker_image:
        environment = Environment(
            "docker-" + hashlib.sha256(image.docker_image.encode()).hexdigest()[:12]
        )
        environment.python.user_managed_dependencies = True
    else:
        raise WorkspaceError(
            "A run needs something to compute in: an environment, a conda file or a Docker image."
        )
    if image.docker_image:
        environment.docker.base_image = image.docker_image
    environment.environment_variables = {}  # instead of EXAMPLE_ENV_VAR
    return environment
