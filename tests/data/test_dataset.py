"""Subjects come in natural order with their files, and all faults of their rows come at once."""

import pytest

from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.sheet import subjects_in_order
from innereye.errors import DatasetError
from phantoms import CHANNELS, FAULTS, MASK, STRUCTURES, edit_rows, write_dataset


@pytest.fixture
def csv_path(tmp_path):
    return write_dataset(tmp_path / "data")


def read(csv_path, **changes):
    settings = {
        "image_channels": CHANNELS,
        "ground_truth_ids": STRUCTURES,
        "mask_id": MASK,
        "masks_required": True,
    }
    return read_subjects(read_dataset(csv_path), root=csv_path.parent, **{**settings, **changes})


def test_subjects_come_in_natural_order_with_their_files(csv_path):
    subjects = read(csv_path)
    assert [subject.subject for subject in subjects] == ["1", "2", "10"]
    last = subjects[-1]
    assert last.images == {"ct": csv_path.parent / "010/ct.nii.gz"}
    assert list(last.masks) == list(STRUCTURES)
    assert last.mask == csv_path.parent / "010/mask.nii.gz"
    assert (last.series, last.institution) == ("series 10", "a")


def test_structures_come_in_the_order_of_the_model(csv_path):
    assert list(read(csv_path, ground_truth_ids=STRUCTURES[::-1])[0].masks) == list(
        STRUCTURES[::-1]
    )


def test_without_masks_required_a_subject_may_lack_structures(csv_path):
    FAULTS["row"][0](csv_path)
    with pytest.raises(DatasetError, match="channel 'liver': the row is missing"):
        read(csv_path)
    assert list(read(csv_path, masks_required=False)[1].masks) == ["spleen"]


def test_an_image_is_always_required(csv_path):
    FAULTS["image row"][0](csv_path)
    with pytest.raises(DatasetError, match="channel 'ct': the row is missing"):
        read(csv_path, masks_required=False)


def test_all_missing_files_are_named_at_once(csv_path):
    (csv_path.parent / "010/ct.nii.gz").unlink()
    (csv_path.parent / "002/liver.nii.gz").unlink()
    with pytest.raises(DatasetError, match=r"(?s)subject 2, channel 'liver'.*subject 10, channel"):
        read(csv_path)


def test_metadata_on_which_rows_disagree_is_empty(csv_path):
    def change(frame):
        frame.loc[0, "institutionId"] = "c"
        return frame

    edit_rows(csv_path, change)
    assert [subject.institution for subject in read(csv_path)] == ["", "b", "a"]


def test_a_data_set_without_optional_columns_is_read(csv_path):
    edit_rows(csv_path, lambda f: f.drop(columns=["seriesId", "institutionId"]))
    assert read(csv_path)[0].series == ""


def test_ids_of_letters_and_numbers_are_sorted_naturally(csv_path):
    frame = read_dataset(csv_path)
    frame["subject"] = frame["subject"].map({"1": "a10", "2": "a9", "10": "7"})
    assert subjects_in_order(frame) == ["7", "a9", "a10"]
