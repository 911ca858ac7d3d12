"""`snakemake --profile azureml` on a data set of the cloud: planned and checked without its images."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from innereye.data.phantoms import make_phantoms
from projects import REPOSITORY, Project

CLOUD = "local_dataset: None\nazure_dataset_id: phantoms\n"
PIPELINE = ("Snakefile", "rules", "scripts", "config", "envs", "profiles")
PROFILE = ("--profile", str(REPOSITORY / "profiles" / "azureml"))


@pytest.fixture
def data_set(emulator) -> Path:
    """A data set in the container of the workspace."""
    folder = emulator.state.blob_path("datasets") / "phantoms"
    make_phantoms(folder, subjects=8, seed=1, size_zyx=(24, 28, 26))
    return folder


@pytest.fixture
def project(tmp_path) -> Project:
    """The working folder of a user whose model names a data set in the cloud."""
    project = Project(tmp_path / "project", config_values=CLOUD)
    project.folder.mkdir()
    project.set_up()
    return project


def fetched(emulator) -> list[str]:
    """Return the files that were fetched from the container of data sets."""
    paths = [asked[2] for asked in emulator.requests if asked[:2] == ("blob", "GET")]
    found = [path.partition("/datasets/")[2] for path in paths]
    return [path for path in found if path]


def test_a_dry_run_knows_all_jobs_and_asks_for_no_image(project, data_set, emulator, monkeypatch):
    jobs = project.jobs(*PROFILE)
    assert {"check_dataset", "train_model", "segment", "score", "draw_thumbnails"} <= jobs
    assert fetched(emulator) == ["phantoms/dataset.csv"]
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there: out of reach
    printed = project.succeed("--dry-run", *PROFILE)
    assert "data_sets/phantoms/dataset.csv from an earlier call is used" in printed
    assert "train_model" in printed


def test_the_data_set_is_split_here_without_images(project, data_set, emulator):
    targets = ["outputs/dataset.csv", "outputs/train_dataset.csv", "outputs/args.txt"]
    project.succeed(*targets, "--cores", "2", *PROFILE)
    table = project.path("outputs", "train_dataset.csv").read_text()
    assert {line.split(",")[0] for line in table.splitlines()[1:]} == set("1234")
    assert fetched(emulator) == ["phantoms/dataset.csv"]
    args = project.path("outputs", "args.txt").read_text().split()
    assert args[args.index("azure_dataset_id") + 2] == "phantoms"
    assert args[args.index("local_dataset") + 2] == "None"


def test_all_faults_that_show_without_images_end_the_call(project, data_set, emulator):
    (data_set / "001" / "channel1.nii.gz").unlink()
    (data_set / "002" / "region.nii.gz").write_bytes(b"")
    printed = project.fail("--cores", "1", *PROFILE, "--", "outputs/dataset.csv")
    assert "dataset.csv, copied from the cloud, has 2 faults:" in printed
    assert "subject 1, channel 'channel1', 001/channel1.nii.gz: does not exist" in printed
    assert "subject 2, channel 'region', 002/region.nii.gz: is empty" in printed
    assert not project.path("outputs", "dataset.csv").exists()


def test_a_data_set_that_is_not_there_is_said_before_anything_starts(project, emulator):
    printed = project.fail("--dry-run", *PROFILE)
    assert "The workspace emulated-ws has no data set 'phantoms'" in printed


@pytest.fixture
def with_pipeline(project) -> Project:
    """The project with a pipeline of its own, which goes with the runs."""
    for name in PIPELINE:
        source, target = REPOSITORY / name, project.path(name)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    return replace(project, pipeline=project.folder)


@pytest.mark.slow
def test_a_run_in_the_cloud_leaves_scores_and_pictures_here_and_every_image_there(
    with_pipeline, data_set, emulator, monkeypatch
):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_EXPERIMENT", "tests")
    results = "outputs/epoch_003/Val"
    targets = [f"{results}/metrics.csv", f"{results}/thumbnails/thumbnails.csv"]
    short = {"num_epochs": 3, "test_epochs": 3, "inference_on_test_set": False}
    profile = ("--profile", "profiles/azureml")
    with_pipeline.succeed(*targets, "outputs/report.html", "--cores", "2", *profile, **short)
    assert fetched(emulator) == ["phantoms/dataset.csv"]
    log = with_pipeline.path("outputs", "logs", "train_model.log").read_text()
    assert "Looking into the files of 6 of 6 subjects." in log
    assert with_pipeline.path(targets[0]).read_text().count("\n") == 1 + 2 * 2
    drawn = {path.name for path in with_pipeline.path(results, "thumbnails").iterdir()}
    shown = with_pipeline.path("outputs", "report_pictures", "Val").iterdir()
    assert {path.name for path in shown} == drawn
    assert len(drawn) == 1 + 2 * 2
