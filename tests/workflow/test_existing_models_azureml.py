"""Do models of the registry serve as those of this machine do, and one scan as a run of its own?"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from azureml_emulator import Emulator
from finished_runs import add_run, workspace
from innereye.io.image import read_image
from projects import REPOSITORY, Project
from snakemake_executor_plugin_azureml.registry import register
from snakemake_executor_plugin_azureml.workspace import Image

CLUSTER = (
    *("--profile", str(REPOSITORY / "profiles" / "azureml")),
    *("--seconds-between-status-checks", "1", "--azureml-experiment", "tests"),
)
RUN = "main_1700000000_0a1b2c3d"
SCAN = Path("data", "007", "channel1.nii.gz")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def emulator(tmp_path_factory, finished):
    """An emulated workspace in which the model of a finished run is registered as Tiny:1."""
    with (
        Emulator(tmp_path_factory.mktemp("azureml")) as emulator,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in emulator.environment().items():
            patch.setenv(name, value)
        add_run(emulator, RUN)
        folder = finished.path("outputs", "final_model")
        image = Image(name="innereye:1")
        register(workspace(), f"main:{RUN}", name="Tiny", folder=folder, environment=image)
        yield emulator
    assert emulator.refused == []
    assert emulator.bugs == []
    assert emulator.leaks == []


@pytest.fixture
def project(tmp_path, phantoms) -> Project:
    for name in ("Snakefile", "rules", "scripts", "envs"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    project = Project(tmp_path, pipeline=tmp_path)
    shutil.copytree(phantoms, project.path("data"))
    project.set_up()
    return project


def segmented(project: Project, *arguments: str, **config: object) -> tuple[np.ndarray, str]:
    project.path("got").mkdir(exist_ok=True)
    scan = {"image_file": SCAN, "download_folder": "got"}
    printed = project.succeed("segment_image", *arguments, **scan, **config)
    return read_image(sorted(project.path("got").iterdir())[-1], np.uint8).array, printed


def test_a_registered_model_scores_as_in_the_run_that_trained_it(emulator, project, finished):
    config = {"train": False, "model_id": "Tiny:1", "test_epochs": 3, "outputs_dir": "outputs_2"}
    # The model folder holds the reported epoch, which is the earlier one of this run.
    project.succeed("outputs_2/epoch_003/Test/metrics.csv", **config)
    ours = project.path("outputs_2/epoch_003/Test/metrics.csv")
    theirs = finished.path("outputs/epoch_002/Test/metrics.csv")
    assert ours.read_bytes() == theirs.read_bytes()


def test_a_model_that_is_not_registered_is_named(emulator, project):
    config = {"train": False, "model_id": "Tiny:9", "test_epochs": 3, "outputs_dir": "outputs_2"}
    printed = project.fail("outputs_2/checkpoints/trained_models", **config)
    assert "Tiny:9" in printed
    assert not project.path("outputs_2/checkpoints/trained_models").exists()


def test_a_scan_is_segmented_in_the_cloud_as_here(emulator, project, finished):
    here, _ = segmented(project, local_model=finished.path("outputs", "final_model"))
    before = len(emulator.state.runs)
    cloud, printed = segmented(project, *CLUSTER, model_id="Tiny:1")
    assert "Wrote got/segmentation_001.nii.gz" in printed
    np.testing.assert_array_equal(here, cloud)
    (run,) = list(emulator.state.runs.values())[before:]
    assert run["status"] == "Completed"
    assert run["tags"]["model_name"] == "Tiny:1"


def test_a_model_of_this_machine_is_sent_along(emulator, project, finished):
    model = finished.path("outputs", "final_model")
    here, _ = segmented(project, local_model=model)
    cloud, _ = segmented(project, *CLUSTER, local_model=model)
    np.testing.assert_array_equal(here, cloud)
    left = [path for path in project.path(".snakemake/innereye").rglob("*") if path.is_file()]
    assert {path.suffix for path in left} == {".log"}
