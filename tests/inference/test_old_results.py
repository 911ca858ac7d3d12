"""Do old volumes go, and does everything else stay?"""

import pytest

from innereye.inference.old_results import remove_old_results


@pytest.fixture
def folder(tmp_path):
    for file in (
        "007/segmentation.nii.gz",
        "008/rectum.nii.gz",
        "009/rectum.nii.gz",
        "009/notes.txt",
        "010/segmentation.nii.gz",
        "thumbnails/007.png",
        "metrics.csv",
    ):
        (tmp_path / "Test" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "Test" / file).write_text("x")
    return tmp_path / "Test"


def left(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files]


def test_volumes_of_the_subjects_and_of_earlier_ones_go_and_nothing_else(folder):
    (folder / "segmentations.csv").write_text("subject,file\n")
    remove_old_results(folder, ["8", "9", "11"])
    assert left(folder) == ["009/notes.txt", "metrics.csv", "thumbnails/007.png"]
    assert not (folder / "008").exists()


def test_a_folder_without_a_segmentation_is_no_earlier_subject(folder):
    remove_old_results(folder, [])
    assert "008/rectum.nii.gz" in left(folder)
    assert not (folder / "007").exists()


def test_halves_of_a_killed_job_go(folder):
    half = folder / "007" / ".liver.nii.gz.abc" / "liver.nii.gz"
    half.parent.mkdir()
    half.write_text("x")
    remove_old_results(folder, ["7"])
    assert not (folder / "007").exists()


def test_links_are_not_followed(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.nii.gz").write_text("x")
    (folder / "012").symlink_to(elsewhere)
    remove_old_results(folder, ["12"])
    assert (elsewhere / "a.nii.gz").exists()


def test_a_folder_that_is_not_there_is_no_fault(tmp_path):
    remove_old_results(tmp_path / "none", ["7"])
