"""A data set of two folders, in many formats and with gaps in its labels, goes through a whole run."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from innereye.errors import ConfigError
from innereye.io.files import read_table, write_table
from innereye.io.image import read_geometry
from innereye.workflow.identity import refuse_other_run, write_identity
from projects import Project
from stored_as import store_as

FIELDS = """
num_epochs: 1
test_epochs: [1]
crops_per_subject: 2
allow_incomplete_labels: true
use_extra_datasets: true
extra_local_dataset_paths: [more]
"""
FORMATS = {"1": "npy", "2": "hdf5 labels", "3": "dicom", "4": "npz", "5": "hdf5", "7": "zip"}


@pytest.fixture(scope="module")
def run(tmp_path_factory, phantoms) -> Project:
    """A finished run: subject 8 lies in a folder of its own, subjects 1 and 8 lack a structure."""
    project = Project(tmp_path_factory.mktemp("formats"), config_values=FIELDS)
    project.set_up()
    for name in ("data", "more"):
        shutil.copytree(phantoms, project.path(name))
    csv_path = project.path("data", "dataset.csv")
    for subject, kind in FORMATS.items():
        store_as(csv_path, subject, kind)
        shutil.rmtree(project.path("data", f"{int(subject):03d}"))
    table, more = read_table(csv_path), read_table(project.path("more", "dataset.csv"))
    lacks = (table["channel"] == "region_1") & (table["subject"] == "1")
    write_table(csv_path, table[(table["subject"] != "8") & ~lacks])
    kept = (more["subject"] == "8") & (more["channel"] != "region_1")
    write_table(project.path("more", "dataset.csv"), more[kept])
    project.succeed("--cores", "2")
    return project


def results(run: Project, *parts: str) -> pd.DataFrame:
    return pd.read_csv(run.path("outputs", *parts), dtype={"Patient": str, "subject": str})


@pytest.mark.slow
def test_every_subject_is_segmented_and_scored(run):
    whole = read_table(run.path("outputs", "dataset.csv")).set_index(["subject", "channel"])
    for split, subjects in (("Val", ["5", "6"]), ("Test", ["7", "8"])):
        metrics = results(run, "epoch_001", split, "metrics.csv")
        assert sorted(set(metrics["Patient"])) == subjects
        volume = run.path("outputs", "epoch_001", split, f"00{subjects[0]}", "segmentation.nii.gz")
        image = run.path("data", whole.loc[(subjects[0], "channel1"), "filePath"])
        assert read_geometry(volume).differences(read_geometry(image)) == []


@pytest.mark.slow
def test_a_structure_without_a_truth_has_no_score_and_no_picture(run):
    metrics = results(run, "epoch_001", "Test", "metrics.csv").set_index(["Patient", "Structure"])
    assert metrics.loc[("8", "region_1")].isna().all()
    assert metrics["Dice"].drop(("8", "region_1")).notna().all()
    pictures = results(run, "epoch_001", "Test", "thumbnails", "thumbnails.csv")
    drawn = set(zip(pictures["subject"], pictures["structure"], strict=True))
    assert drawn == {("7", "region"), ("7", "region_1"), ("8", "region")}


@pytest.mark.slow
def test_a_second_call_has_nothing_to_do_until_a_slice_changes(run):
    assert run.jobs() == set()
    slices = sorted(run.path("data", "other_3").rglob("*.dcm"))
    content = slices[0].read_bytes()
    slices[0].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert {"split_dataset", "train_model", "segment"} <= run.jobs()
    slices[0].write_bytes(content)
    assert "train_model" not in run.jobs()


@pytest.mark.slow
def test_a_subject_of_the_extra_folder_counts_by_its_content(run):
    image = next(run.path("more", "008").glob("channel1*"))
    image.touch()
    assert "segment" not in run.jobs()


def test_a_folder_of_results_knows_the_extra_data_sets_of_its_run(tmp_path):
    identity = {"model": "Tiny", "data set": "data"}
    write_identity(tmp_path, {**identity, "extra_local_dataset_paths": ["more"]})
    spelled = [str(Path("more").resolve())]
    refuse_other_run(tmp_path, {**identity, "extra_local_dataset_paths": spelled})
    with pytest.raises(ConfigError, match=r"of Tiny on data and more; this one is Tiny on data\."):
        refuse_other_run(tmp_path, identity)
