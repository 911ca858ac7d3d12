"""Whatever files a data set is stored in, it is checked, hashed and seen by a network as from NIfTI."""

import os
from dataclasses import replace

import h5py
import numpy as np
import pytest

from innereye.data.check import check_dataset
from innereye.data.check_listed import listed_faults
from innereye.data.cloud_listing import listed_states
from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.identities import file_states
from innereye.data.normalisation import Normalisation
from innereye.data.sample import load_sample
from innereye.data.sheet import ChannelLists
from innereye.errors import DatasetError
from innereye.io.image import Geometry
from innereye.metrics.truth import read_true_masks
from listings import write_listing
from phantoms import CHANNELS, MASK, SIZE, STRUCTURES, cell, write_dataset
from stored_as import KINDS, store_as

UNIT = Geometry(SIZE, (1.0, 1.0, 1.0))
CT = Normalisation(window=200, level=50)
STATED = ("dicom", "zip")


def check(csv_path, **changes):
    settings = {
        "image_channels": CHANNELS,
        "ground_truth_ids": STRUCTURES,
        "mask_id": MASK,
        "check_exclusive": True,
        "previous": None,
        "workers": 1,
    }
    return check_dataset(read_dataset(csv_path), root=csv_path.parent, **{**settings, **changes})


def sample_of(csv_path):
    (subject,) = read_subjects(
        read_dataset(csv_path),
        root=csv_path.parent,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
    )
    return load_sample(subject, CT, with_labels=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_the_same_from_all_files(tmp_path, kind):
    csv_path = write_dataset(tmp_path, ("1",), UNIT)
    expected = sample_of(csv_path)
    store_as(csv_path, "1", kind)
    assert check(csv_path).faults == []
    found = sample_of(csv_path)
    for name in ("image", "labels", "mask"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert replace(found.geometry, is_stated=True).differences(expected.geometry) == []
    assert found.geometry.is_stated == (kind in STATED)


@pytest.mark.parametrize("kind", ["npy", "hdf5 labels"])
def test_masks_without_a_grid_lie_on_that_of_the_image(tmp_path, kind):
    csv_path = write_dataset(tmp_path, ("1",))
    store_as(csv_path, "1", kind)
    cell("1", "ct", "filePath", "001/ct.nii.gz")(csv_path)
    assert check(csv_path).faults == []
    assert sample_of(csv_path).geometry.spacing_zyx_mm == (3.0, 1.0, 1.0)


def test_a_mask_on_a_grid_that_no_image_states_is_a_fault(tmp_path):
    csv_path = write_dataset(tmp_path, ("1",))
    store_as(csv_path, "1", "npy")
    cell("1", "liver", "filePath", "001/liver.nii.gz")(csv_path)
    faults = check(csv_path).faults
    assert "spacing (3.0, 1.0, 1.0) against (1.0, 1.0, 1.0) mm of channel 'ct'" in faults[0]
    assert all("channel 'liver'" in fault for fault in faults)


def test_the_second_image_states_the_grid_where_the_first_does_not(tmp_path):
    csv_path = write_dataset(tmp_path, ("1",))
    store_as(csv_path, "1", "npy")
    cell("1", MASK, "filePath", "001/ct.nii.gz")(csv_path)
    changes = {"image_channels": ("ct", MASK), "mask_id": None}
    assert check(csv_path, **changes).faults == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_has_another_identity_and_a_touched_one_not(tmp_path, kind):
    csv_path = write_dataset(tmp_path, ("1",))
    store_as(csv_path, "1", kind)
    record = check(csv_path).record
    paths = list(read_dataset(csv_path)["filePath"])
    file = next(each for each in sorted((tmp_path / "other_1").rglob("*")) if each.is_file())

    def identities():
        states = file_states(paths, record, root=tmp_path)
        return [states[path].identity for path in paths]

    before = [record.files[path].identity for path in paths]
    os.utime(file, ns=(10**18, 10**18))
    os.utime(file.parent, ns=(10**18, 10**18))
    assert identities() == before
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert identities() != before


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_is_named_by_every_reader(tmp_path, kind):
    csv_path = write_dataset(tmp_path, ("1",))
    store_as(csv_path, "1", kind)
    (tmp_path / "other_1").rename(tmp_path / "gone")
    faults = check(csv_path).faults
    assert len(faults) == 4
    assert all("does not exist" in fault for fault in faults)
    with pytest.raises(DatasetError, match="does not exist"):
        sample_of(csv_path)
    with pytest.raises(DatasetError, match="does not exist"):
        read_true_masks(csv_path, root=tmp_path, structures=STRUCTURES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_files_in_the_cloud_has_all_kinds(tmp_path, kind):
    csv_path = write_dataset(tmp_path / "data", ("1",))
    store_as(csv_path, "1", kind)
    copy = write_listing(csv_path.parent, tmp_path / "copy")
    frame, lists = read_dataset(csv_path), ChannelLists(CHANNELS, STRUCTURES, MASK)
    states = listed_states(frame["filePath"], copy)
    assert listed_faults(frame, lists, states) == []
    here = file_states(frame["filePath"], None, root=csv_path.parent)
    assert {path: state.size for path, state in states.items()} == {
        path: state.size for path, state in here.items()
    }
    frame["filePath"] = "no/" + frame["filePath"]
    assert len(listed_faults(frame, lists, listed_states(frame["filePath"], copy))) == 4


def test_a_malformed_part_is_a_fault_of_the_row(tmp_path):
    csv_path = write_dataset(tmp_path, ("1",))
    cell("1", "liver", "filePath", "001/all.h5|liver")(csv_path)
    (fault,) = check(csv_path).faults
    assert fault.startswith("subject 1, channel 'liver': 001/all.h5|liver must read file|dataset")


def test_a_part_may_not_leave_the_folder(tmp_path):
    csv_path = write_dataset(tmp_path, ("1",))
    cell("1", "liver", "filePath", "../all.h5|liver|0")(csv_path)
    (fault,) = check(csv_path).faults
    assert "leaves the data set's folder" in fault


def test_a_value_that_does_not_occur_is_told_in_the_log(tmp_path, caplog):
    csv_path = write_dataset(tmp_path, ("1",))
    with h5py.File(tmp_path / "map.h5", "w") as file:
        file["labels"] = np.zeros((1, *SIZE), "u1")
    cell("1", "liver", "filePath", "map.h5|labels|0|5")(csv_path)
    assert check(csv_path).faults == []
    assert "map.h5|labels|0|5: no voxel is set." in caplog.text
