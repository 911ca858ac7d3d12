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


def test_listed_volumes_and_those_of_the_subjects_go_and_nothing_else(folder):
    rows = "subject,file\n8,008/rectum.nii.gz\n9,009/rectum.nii.gz\n"
    (folder / "segmentations.csv").write_text(rows)
    remove_old_results(folder, ["7", "11"])
    assert left(folder) == [
        "009/notes.txt",
        "010/segmentation.nii.gz",
        "metrics.csv",
        "thumbnails/007.png",
    ]
    assert not (folder / "008").exists()


def test_halves_of_a_killed_job_go(folder):
    half = folder / "007" / ".liver.nii.gz.abc" / "liver.nii.gz"
    half.parent.mkdir()
    half.write_text("x")
    remove_old_results(folder, ["7"])
    assert not (folder / "007").exists()


@pytest.mark.parametrize(
    "file", ["../outside/a.nii.gz", "../a.nii.gz", "/outside/a.nii.gz", "a.nii.gz", ""]
)
def test_a_list_that_points_elsewhere_removes_nothing(folder, file):
    places = [folder.parent / "a.nii.gz", folder.parent / "outside" / "a.nii.gz"]
    for place in places:
        place.parent.mkdir(exist_ok=True)
        place.write_text("x")
    before = left(folder)
    (folder / "segmentations.csv").write_text(f"subject,file\n1,{file}\n")
    remove_old_results(folder, [])
    assert left(folder) == before
    assert all(place.exists() for place in places)


def test_links_are_not_followed(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.nii.gz").write_text("x")
    (folder / "012").symlink_to(elsewhere)
    remove_old_results(folder, ["12"])
    assert (elsewhere / "a.nii.gz").exists()


@pytest.mark.parametrize("content", ["", "subject\n1\n", "\0"])
def test_a_broken_list_goes_too(folder, content):
    (folder / "segmentations.csv").write_text(content)
    remove_old_results(folder, [])
    assert not (folder / "segmentations.csv").exists()


def test_a_folder_that_is_not_there_is_no_fault(tmp_path):
    remove_old_results(tmp_path / "none", ["7"])
