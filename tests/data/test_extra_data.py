"""Several data sets are one: rows of all tables, each file from its own folder."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pytest

from innereye.data.check import check_dataset
from innereye.data.dataset import read_subjects
from innereye.data.extra_data import folders_in_use, missing_folders, read_all_rows
from innereye.data.identities import file_states
from innereye.errors import DatasetError
from phantoms import CHANNELS, MASK, STRUCTURES, cell, edit_rows, rewrite, write_dataset


@dataclass(frozen=True)
class Fields:
    extra_local_dataset_paths: list[Path]
    dataset_csv: str = "dataset.csv"
    use_extra_datasets: bool = True


@pytest.fixture
def folders(tmp_path):
    """Three data sets; the second has a column of its own."""
    names = {"a": ("1", "2"), "b": ("3",), "c": ("4",)}
    for name, subjects in names.items():
        write_dataset(tmp_path / name, subjects)
    edit_rows(tmp_path / "b" / "dataset.csv", lambda f: f.assign(scanner="new"))
    return tmp_path


def fields_of(folders):
    return Fields([folders / "b", folders / "c"])


def check(folders, frame, previous=None):
    fields = fields_of(folders)
    return check_dataset(
        frame,
        root=folders / "a",
        extra_folders=folders_in_use(fields),
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
        check_exclusive=True,
        previous=previous,
        workers=1,
    )


def test_subjects_of_all_data_sets_are_there_and_clean(folders):
    frame = read_all_rows(folders / "a", fields_of(folders))
    assert list(frame["subject"].unique()) == ["1", "2", "3", "4"]
    assert set(frame["scanner"]) == {"", "new"}
    assert check(folders, frame).faults == []


def test_each_file_comes_from_its_own_folder(folders):
    frame = read_all_rows(folders / "a", fields_of(folders))
    subjects = read_subjects(
        frame,
        root=folders / "a",
        extra_folders=[folders / "b", folders / "c"],
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
    )
    places = [each.images["ct"].relative_to(folders).parts[0] for each in subjects]
    assert places == ["a", "a", "b", "c"]


def test_a_fault_of_an_extra_data_set_is_named_and_mended(folders):
    frame = read_all_rows(folders / "a", fields_of(folders))
    first = check(folders, frame)
    rewrite(folders / "c" / "004" / "liver.nii.gz", lambda array: array * 2)
    second = check(folders, frame, first.record)
    (fault,) = second.faults
    assert "subject 4, channel 'liver', extra_local_dataset_paths[1]/004/liver.nii.gz" in fault
    states = file_states(
        frame["filePath"],
        first.record,
        root=folders / "a",
        extra_folders=[folders / "b", folders / "c"],
    )
    assert len(states) == len(frame)


def test_a_path_may_not_leave_an_extra_folder(folders):
    cell("4", "liver", "filePath", "../a/001/liver.nii.gz")(folders / "c" / "dataset.csv")
    faults = check(folders, read_all_rows(folders / "a", fields_of(folders))).faults
    assert any("leaves the data set's folder" in fault for fault in faults)


def test_without_the_field_the_first_data_set_stands_alone(folders):
    fields = dataclasses.replace(fields_of(folders), use_extra_datasets=False)
    assert folders_in_use(fields) == []
    frame = read_all_rows(folders / "a", fields)
    assert set(frame["subject"]) == {"1", "2"}


def test_shared_subjects_missing_tables_and_columns_are_refused(folders):
    fields = fields_of(folders)
    write_dataset(folders / "b", ("2",))
    with pytest.raises(DatasetError, match="subject 2 is in data set 0 and in data set 1"):
        read_all_rows(folders / "a", fields)
    edit_rows(folders / "b" / "dataset.csv", lambda f: f.drop(columns="channel"))
    with pytest.raises(DatasetError, match=r"b/dataset\.csv has no column channel"):
        read_all_rows(folders / "a", fields)
    (folders / "b" / "dataset.csv").unlink()
    with pytest.raises(DatasetError, match=r"b/dataset\.csv does not exist"):
        read_all_rows(folders / "a", fields)


def test_missing_folders_are_told_together(folders):
    fields = Fields([folders / "b", folders / "x", folders / "y"], use_extra_datasets=False)
    message = missing_folders(fields)
    assert "extra_local_dataset_paths[1]" in message
    assert "extra_local_dataset_paths[2]" in message
    assert missing_folders(fields_of(folders)) == ""
