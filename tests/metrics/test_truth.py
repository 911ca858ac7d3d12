"""True masks of a split: found by subject and structure, faults told together."""

import pytest

from innereye.errors import DatasetError
from innereye.metrics.truth import read_true_masks


def split(folder, *lines, header="subject,filePath,channel"):
    for name in ("a.nii.gz", "b.nii.gz"):
        (folder / name).touch()
    (folder / "val_dataset.csv").write_text("\n".join([header, *lines]) + "\n")
    return folder / "val_dataset.csv"


def masks(path, *structures, **options):
    return read_true_masks(path, root=path.parent, structures=structures, **options)


def test_masks_are_found_in_natural_order_of_the_subjects(tmp_path):
    path = split(tmp_path, "10,a.nii.gz,liver", "9,b.nii.gz,liver", "9,gone.nii.gz,ct")
    found = masks(path, "liver")
    assert list(found) == ["9", "10"]
    assert found["9"] == {"liver": tmp_path / "b.nii.gz"}


def test_all_faults_are_told_at_once(tmp_path):
    path = split(tmp_path, "1,a.nii.gz,liver", "1,b.nii.gz,liver", "2,gone.nii.gz,liver")
    with pytest.raises(DatasetError) as error:
        masks(path, "liver", "spleen")
    message = str(error.value)
    assert "subject 1: the mask 'liver' is listed twice" in message
    assert "subject 2: the mask" in message
    assert "gone.nii.gz does not exist" in message
    assert message.count("the row of the mask 'spleen' is missing") == 2


def test_a_table_without_its_columns_is_refused(tmp_path):
    path = split(tmp_path, "1,liver", header="subject,channel")
    with pytest.raises(DatasetError, match="the columns filePath are missing"):
        masks(path, "liver")


def test_subjects_may_lack_structures_where_that_is_allowed(tmp_path):
    path = split(tmp_path, "1,a.nii.gz,liver", "2,b.nii.gz,spleen", "3,gone.nii.gz,ct")
    found = masks(path, "liver", "spleen", masks_required=False)
    assert {subject: list(paths) for subject, paths in found.items()} == {
        "1": ["liver"],
        "2": ["spleen"],
        "3": [],
    }


def test_masks_of_extra_data_sets_lie_in_their_folders(tmp_path):
    (tmp_path / "more").mkdir()
    path = split(tmp_path, "1,a.nii.gz,liver", "2,extra_local_dataset_paths[0]/c.nii.gz,liver")
    (tmp_path / "more" / "c.nii.gz").touch()
    found = masks(path, "liver", extra_folders=[tmp_path / "more"])
    assert found["2"] == {"liver": tmp_path / "more" / "c.nii.gz"}
