"""On a cluster, only jobs that cost leave the user's machine."""

import shutil
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, Quietness, ResourceSettings

from projects import REPOSITORY

COSTLY = {"train_model", "segment", "segment_scan"}


def rules_that_leave(folder: Path, **resources: int) -> set[str]:
    """Return the rules whose jobs an executor would send away."""
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1, resources=resources),
            snakefile=REPOSITORY / "Snakefile",
            workdir=folder,
        )._workflow
        rules = [rule for rule in workflow.rules if not rule.norun]
        return {rule.name for rule in rules if rule.name not in workflow._localrules}


def test_training_and_inference_leave_and_nothing_else(tmp_path):
    shutil.copytree(REPOSITORY / "config", tmp_path / "config")
    assert rules_that_leave(tmp_path, azureml_runs=3) == COSTLY
