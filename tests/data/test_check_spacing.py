"""The check of a data set names every subject whose spacing is not the expected one."""

from dataclasses import replace

import pytest

from innereye.data.check import check_dataset
from innereye.data.dataset import read_dataset
from innereye.io.image import write_image
from phantoms import CHANNELS, GEOMETRY, MASK, SPACING, STRUCTURES, volumes, write_dataset


@pytest.fixture
def folder(tmp_path):
    """Return a data set in which subjects 2 and 10 have thicker slices than subject 1."""
    write_dataset(tmp_path)
    thick = replace(GEOMETRY, spacing_zyx_mm=(3.3, 1.0, 1.0))
    for number, name in ((1, "002"), (2, "010")):
        for channel, array in volumes(number).items():
            write_image(tmp_path / name / f"{channel}.nii.gz", array, thick)
    return tmp_path


def check(folder, expected, previous=None):
    return check_dataset(
        read_dataset(folder / "dataset.csv"),
        root=folder,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
        check_exclusive=True,
        previous=previous,
        workers=1,
        expected_spacing_xyz=expected,
    )


def test_each_subject_with_another_spacing_has_one_fault(folder):
    faults = check(folder, SPACING[::-1]).faults
    assert [fault[:26] for fault in faults] == [
        "subject 2, channel 'ct': t",
        "subject 10, channel 'ct': ",
    ]
    assert all("is 1 x 1 x 3.3 mm" in fault for fault in faults)


def test_without_an_expected_spacing_mixed_spacings_are_no_fault(folder):
    assert check(folder, None).faults == []


def test_a_new_expected_spacing_is_looked_for_in_subjects_that_were_clean(folder):
    clean = check(folder, None)
    looked_at = check(folder, SPACING[::-1], previous=clean.record)
    assert len(looked_at.faults) == 2
    assert set(looked_at.record.subjects) == {"1"}
    assert check(folder, None, previous=clean.record).record == clean.record
