"""A cross-validation in the cloud leaves what one on this machine leaves."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from azureml_emulator import Emulator
from azureml_emulator.places import SECRET
from projects import REPOSITORY, Project

CLUSTER = (
    *("--profile", str(REPOSITORY / "profiles" / "azureml")),
    *("--seconds-between-status-checks", "1", "--azureml-experiment", "tests"),
)
pytestmark = pytest.mark.slow
# Files whose names or contents tell of machine and time.
PASSING = (".log", ".benchmark.tsv")


@dataclass(frozen=True)
class InTheCloud:
    """A finished cross-validation, the workspace that made it, and what the call printed."""

    project: Project
    emulator: Emulator
    printed: str


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """An emulated workspace for all tests of this file."""
    root = tmp_path_factory.mktemp("azureml")
    with Emulator(root) as emulator, pytest.MonkeyPatch.context() as patch:
        emulator.settings.keep_nodes = True
        for name, value in emulator.environment().items():
            patch.setenv(name, value)
        yield emulator


@pytest.fixture(scope="module")
def in_the_cloud(tmp_path_factory, phantoms, workspace, crossval) -> InTheCloud:
    project = in_folder(tmp_path_factory.mktemp("cloud"), phantoms, crossval)
    printed = project.succeed("outputs/CrossValResults", *CLUSTER)
    return InTheCloud(project, workspace, printed)


def in_folder(folder: Path, phantoms: Path, like: Project) -> Project:
    """Return a project whose pipeline lies in its own folder, as the executor wants it."""
    for name in ("Snakefile", "rules", "scripts", "envs"):
        (folder / name).symlink_to(REPOSITORY / name)
    project = Project(folder, pipeline=folder, config_values=like.config_values)
    shutil.copytree(phantoms, project.path("data"))
    project.set_up()
    return project


def files(project: Project) -> set[str]:
    found = project.path("outputs").rglob("*")
    names = {path.relative_to(project.folder).as_posix() for path in found if path.is_file()}
    return {name for name in names if "events.out.tfevents" not in name}


def test_outputs_are_those_of_a_local_run(in_the_cloud, crossval):
    assert files(in_the_cloud.project) == files(crossval)


def test_scores_are_those_of_a_local_run_byte_for_byte(in_the_cloud, crossval):
    tables = sorted(name for name in files(crossval) if name.endswith("metrics.csv"))
    assert len(tables) > 4
    for name in tables:
        assert in_the_cloud.project.path(name).read_bytes() == crossval.path(name).read_bytes(), (
            name
        )


def test_the_same_call_again_has_nothing_to_do(in_the_cloud):
    printed = in_the_cloud.project.succeed("outputs/CrossValResults", *CLUSTER)
    assert "Nothing to be done" in printed


def test_folds_are_children_of_a_parent_and_models_are_registered(in_the_cloud):
    runs = in_the_cloud.emulator.state.runs
    (parent,) = [run_id for run_id, run in runs.items() if run["parentRunId"] is None]
    children = {run_id.removeprefix(parent) for run_id in runs} - {""}
    assert children == {"_0", "_1", "_ensemble_test_002"}
    tags = {run_id: run["tags"] for run_id, run in runs.items()}
    assert tags[f"{parent}_1"]["cross_validation_split_index"] == "1"
    assert tags[f"{parent}_1"]["model_name"] == "Tiny"
    assert tags[parent]["model_id"].startswith("Tiny:")
    assert {tags[f"{parent}_{fold}"]["model_id"].split(":")[0] for fold in (0, 1)} == {"Tiny"}
    assert tags[parent]["cross_validation_split_index"] == "-1"


def test_the_secret_is_nowhere(in_the_cloud):
    places = [in_the_cloud.project.folder, in_the_cloud.emulator.root]
    secret = SECRET.encode()
    holders = [
        str(path)
        for place in places
        for folder, _, names in os.walk(place)
        for path in (Path(folder, name) for name in names)
        if path.is_file() and secret in path.read_bytes()
    ]
    assert holders == []
    assert SECRET not in in_the_cloud.printed
    assert in_the_cloud.emulator.leaks == []


def test_no_other_host_was_asked(in_the_cloud):
    assert in_the_cloud.emulator.refused == []


def test_volumes_may_stay_in_the_cloud_and_scores_are_the_same(
    tmp_path, phantoms, workspace, crossval
):
    project = in_folder(tmp_path, phantoms, crossval)
    project.succeed("outputs/CrossValResults", *CLUSTER, "--azureml-download", "declared")
    assert [name for name in files(project) if name.endswith(".nii.gz")] == []
    kept = {name for name in files(crossval) if not name.endswith(".nii.gz")}
    assert files(project) == kept
    tables = [name for name in kept if name.endswith("metrics.csv")]
    assert {n: project.path(n).read_bytes() for n in tables} == {
        n: crossval.path(n).read_bytes() for n in tables
    }
