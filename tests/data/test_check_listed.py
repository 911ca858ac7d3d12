"""Of a data set in the cloud, every fault that table and list show is told; images are left alone."""

import shutil

import pytest

from innereye.data.check import check_dataset
from innereye.data.check_listed import listed_faults
from innereye.data.cloud_listing import listed_states
from innereye.data.dataset import read_dataset
from innereye.data.sheet import ChannelLists
from listings import write_listing
from phantoms import CHANNELS, FAULTS, MASK, NEAR_MISSES, STRUCTURES, edit_rows, write_dataset

SEEN_WITHOUT_IMAGES = {
    *("column", "no rows", "row", "image row", "mask row", "duplicate", "blank id", "spaced id"),
    *("same folder", "unsafe id", "blank path", "absolute path", "path outside", "suffix"),
    "missing file",
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    write_dataset(folder)
    return folder


@pytest.fixture
def csv_path(clean, tmp_path):
    shutil.copytree(clean, tmp_path / "data")
    return tmp_path / "data" / "dataset.csv"


def faults_in_cloud(csv_path):
    folder = write_listing(csv_path.parent, csv_path.parents[1] / "copy")
    frame = read_dataset(folder / "dataset.csv")
    states = listed_states(frame.get("filePath", []), folder)
    return listed_faults(frame, ChannelLists(CHANNELS, STRUCTURES, MASK), states)


def faults_here(csv_path):
    return check_dataset(
        read_dataset(csv_path),
        root=csv_path.parent,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
        check_exclusive=True,
        previous=None,
        workers=1,
    ).faults


@pytest.mark.parametrize("name", sorted(SEEN_WITHOUT_IMAGES))
def test_what_the_table_and_the_list_show_is_said_as_where_the_images_are(csv_path, name):
    FAULTS[name][0](csv_path)
    assert faults_in_cloud(csv_path) == faults_here(csv_path) != []


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - SEEN_WITHOUT_IMAGES - {"empty file"}))
def test_what_only_images_show_waits_for_them(csv_path, name):
    FAULTS[name][0](csv_path)
    assert faults_in_cloud(csv_path) == []


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_no_fault(csv_path, name):
    NEAR_MISSES[name](csv_path)
    assert faults_in_cloud(csv_path) == []


def test_an_empty_file_is_seen_in_the_list(csv_path):
    FAULTS["empty file"][0](csv_path)
    (fault,) = faults_in_cloud(csv_path)
    assert fault == "subject 2, channel 'liver', 002/liver.nii.gz: is empty: it has no bytes"


def test_all_faults_come_at_once_in_natural_order(csv_path):
    for name in ("row", "missing file"):
        FAULTS[name][0](csv_path)
    (csv_path.parent / "010" / "spleen.nii.gz").write_bytes(b"")
    (csv_path.parent / "001" / "ct.nii.gz").unlink()
    edit_rows(csv_path, lambda frame: frame[::-1])
    subjects = [line.split(",")[0] for line in faults_in_cloud(csv_path)]
    assert subjects == ["subject 2", "subject 1", "subject 10"]
