"""Do files come beside others without taking their place?"""

import pytest

from innereye.io.links import copy_tree, move_beside, numbered


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("segmentation.nii.gz", 0, "segmentation.nii.gz"),
        ("segmentation.nii.gz", 1, "segmentation_001.nii.gz"),
        ("a.dcm.zip", 12, "a_012.dcm.zip"),
        ("plain", 3, "plain_003"),
    ],
)
def test_a_number_stands_before_the_first_dot(name, number, expected):
    assert numbered(name, number) == expected


def test_files_of_one_result_share_a_number_that_is_free_for_all(tmp_path):
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.mkdir()
    folder.mkdir()
    (folder / "a.nii.gz").write_text("old")
    (folder / "b_001.zip").write_text("old")
    files = [source / "a.nii.gz", source / "b.zip"]
    for file in files:
        file.write_text(file.name)
    move_beside(files, folder)
    found = {path.name: path.read_text() for path in folder.iterdir()}
    new = {"a_002.nii.gz": "a.nii.gz", "b_002.zip": "b.zip"}
    assert found == {"a.nii.gz": "old", "b_001.zip": "old", **new}
    assert not list(source.iterdir())


def test_a_folder_is_copied_with_all_in_it(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("c")
    copy_tree(tmp_path / "a", tmp_path / "x" / "y")
    copy_tree(tmp_path / "a" / "b" / "c", tmp_path / "z" / "c")
    assert (tmp_path / "x/y/b/c").read_text() == (tmp_path / "z/c").read_text() == "c"
