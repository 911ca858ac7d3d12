"""A finished small run, made once by a real snakemake process, and copies of it to play with."""

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from innereye.data.phantoms import make_phantoms
from projects import REPOSITORY, Project

PIPELINE = ("Snakefile", "rules", "scripts", "config", "envs", "profiles")
SUBJECTS = 8
CROSSVAL = (
    "number_of_cross_validation_splits: 2\ntest_epochs: [2]\nnum_epochs: 2\ncrops_per_subject: 8\n"
    "show_patch_sampling: 0\n"
)


@pytest.fixture(scope="session")
def phantoms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set, to copy from."""
    folder = tmp_path_factory.mktemp("phantoms") / "data"
    make_phantoms(folder, subjects=SUBJECTS, seed=1, size_zyx=(24, 28, 26))
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, phantoms: Path) -> Project:
    """A project whose run is complete. Only to be read."""
    return made_once(tmp_path_factory, "finished", phantoms)


@pytest.fixture(scope="session")
def crossval(tmp_path_factory: pytest.TempPathFactory, phantoms: Path) -> Project:
    """A project whose cross-validation of two folds is complete. Only to be read."""
    return made_once(tmp_path_factory, "crossval", phantoms, CROSSVAL)


def made_once(
    factory: pytest.TempPathFactory, name: str, phantoms: Path, config_values: str = ""
) -> Project:
    """Return a project with a complete run; processes that test at the same time share it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    project = Project(shared / f"shared_{name}", config_values=config_values)
    with (shared / f"shared_{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        complete = project.path("complete")
        if not complete.exists():
            project.folder.mkdir()
            shutil.copytree(phantoms, project.path("data"))
            project.set_up()
            project.succeed("--cores", "2")
            complete.touch()
    return project


@pytest.fixture
def project(tmp_path: Path, phantoms: Path) -> Project:
    """A project with data and no run."""
    project = Project(tmp_path)
    shutil.copytree(phantoms, project.path("data"))
    project.set_up()
    return project


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Project], Project]:
    """Copy a project with all its times, as if it had always been there."""

    def copied(project: Project) -> Project:
        shutil.copytree(project.folder, tmp_path / "copy", symlinks=True)
        return replace(project, folder=tmp_path / "copy")

    return copied


@pytest.fixture
def own_pipeline(tmp_path: Path) -> Path:
    """Copy the pipeline, to change its code."""
    folder = tmp_path / "pipeline"
    folder.mkdir()
    for name in PIPELINE:
        source = REPOSITORY / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy2(source, folder / name)
    return folder


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Project:
    """Return a working folder that looks like a fresh clone."""
    for name in PIPELINE:
        (tmp_path / name).symlink_to(REPOSITORY / name)
    return Project(tmp_path, config_file="config/config.yaml")
