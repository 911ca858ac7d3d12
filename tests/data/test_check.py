"""Every fault of a data set has its line, near misses have none, and clean subjects rest."""

import shutil
from dataclasses import replace

import pytest

from innereye.data.check import check_dataset
from innereye.data.dataset import read_dataset
from innereye.data.identities import load_record, save_record
from phantoms import (
    CHANNELS,
    FAULTS,
    MASK,
    NEAR_MISSES,
    STRUCTURES,
    edit_rows,
    rewrite,
    write_dataset,
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    write_dataset(folder)
    return folder


@pytest.fixture
def csv_path(clean, tmp_path):
    shutil.copytree(clean, tmp_path / "data")
    return tmp_path / "data" / "dataset.csv"


def check(csv_path, previous=None, **changes):
    settings = {
        "image_channels": CHANNELS,
        "ground_truth_ids": STRUCTURES,
        "mask_id": MASK,
        "check_exclusive": True,
        "workers": 2,
    }
    frame = read_dataset(csv_path)
    return check_dataset(frame, root=csv_path.parent, previous=previous, **{**settings, **changes})


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_in_one_line(csv_path, name):
    sow, parts = FAULTS[name]
    sow(csv_path)
    faults = check(csv_path).faults
    lines = [line for line in faults if all(part in line for part in parts)]
    assert len(lines) == 1, faults


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_no_fault(csv_path, name):
    NEAR_MISSES[name](csv_path)
    assert check(csv_path).faults == []


def test_a_clean_data_set_has_no_faults(csv_path):
    result = check(csv_path)
    assert result.faults == []
    assert set(result.record.subjects) == {"1", "2", "10"}


def test_all_faults_come_at_once_in_natural_order(csv_path):
    for name in ("row", "not finite"):
        FAULTS[name][0](csv_path)
    rewrite(csv_path.parent / "010" / "spleen.nii.gz", lambda a: a * 3)
    (csv_path.parent / "001" / "ct.nii.gz").unlink()
    subjects = [line.split(",")[0] for line in check(csv_path).faults]
    assert subjects == ["subject 2", "subject 1", "subject 2", "subject 10"]


def test_overlap_is_a_fault_only_where_exclusivity_is_asked(csv_path):
    FAULTS["overlap"][0](csv_path)
    assert check(csv_path, check_exclusive=False).faults == []
    assert len(check(csv_path).faults) == 1


def test_an_empty_structure_is_told_in_the_log(csv_path, caplog):
    NEAR_MISSES["empty structure"](csv_path)
    check(csv_path)
    assert "subject 2, channel 'liver', 002/liver.nii.gz: no voxel is set." in caplog.text


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"ground_truth_ids": ("liver", "background")}, "cannot be named 'background'"),
        ({"ground_truth_ids": ("liver", "ct")}, "both an image channel and a structure"),
        ({"image_channels": ("ct", "ct")}, "more than once"),
        ({"image_channels": ()}, "no image channels"),
    ],
)
def test_lists_that_do_not_fit_are_faults(csv_path, changes, phrase):
    assert any(phrase in line for line in check(csv_path, **changes).faults)


def test_ids_that_differ_in_case_collide(csv_path):
    edit_rows(csv_path, lambda f: f.replace({"subject": {"1": "anna", "2": "Anna"}}))
    (fault,) = check(csv_path).faults
    assert "'Anna', 'anna'" in fault


def test_a_clean_subject_is_not_opened_again(csv_path, caplog):
    caplog.set_level("INFO")
    first = check(csv_path)
    second = check(csv_path, previous=first.record)
    assert second == first
    assert "files of 0 of 3 subjects" in caplog.text


def opened(csv_path, caplog, previous, **changes):
    caplog.clear()
    caplog.set_level("INFO")
    result = check(csv_path, previous=previous, **changes)
    return result, caplog.text.split("files of ")[1].split(" of ")[0]


def test_only_a_changed_subject_is_opened_again(csv_path, caplog):
    record = check(csv_path).record
    rewrite(csv_path.parent / "002" / "liver.nii.gz", lambda a: a * 2)
    result, count = opened(csv_path, caplog, record)
    assert (count, len(result.faults)) == ("1", 1)
    assert "2" not in result.record.subjects
    assert opened(csv_path, caplog, result.record)[1] == "1", "a fault is told until it is mended"


def test_a_touched_file_keeps_its_subject_clean(csv_path, caplog):
    record = check(csv_path).record
    (csv_path.parent / "002" / "liver.nii.gz").touch()
    result, count = opened(csv_path, caplog, record)
    assert (count, result.record.subjects) == ("0", record.subjects)
    name = "002/liver.nii.gz"
    known = replace(record.files[name], mtime_ns=result.record.files[name].mtime_ns)
    assert result.record.files[name] == known


def test_other_settings_open_all_subjects_again(csv_path, caplog):
    record = check(csv_path).record
    assert opened(csv_path, caplog, record, check_exclusive=False)[1] == "3"
    assert opened(csv_path, caplog, record, ground_truth_ids=("liver",))[1] == "3"


def test_the_record_survives_its_file(csv_path, tmp_path):
    record = check(csv_path).record
    save_record(tmp_path / "record.json", record)
    assert load_record(tmp_path / "record.json") == record


def test_a_subject_may_lack_structures_where_that_is_allowed_and_nothing_else(csv_path):
    for name in ("row", "image row", "mask row"):
        FAULTS[name][0](csv_path)
    hint = "with allow_incomplete_labels=True a subject may lack structures"
    assert [hint in fault for fault in check(csv_path).faults] == [False, True, False]
    faults = check(csv_path, masks_required=False).faults
    assert [fault.split(":")[0] for fault in faults] == [
        "subject 2, channel 'ct'",
        "subject 2, channel 'mask'",
    ]
