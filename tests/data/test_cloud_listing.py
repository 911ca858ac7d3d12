"""A list of files in the cloud stands for the files: what changes there changes hashes here."""

import shutil

import pytest

from innereye.configs.load import load_model
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.data.cloud_listing import is_listed, listed_files
from innereye.data.dataset_view import DatasetView
from innereye.errors import DatasetError
from innereye.names import CLOUD_FILES_CSV, Split
from listings import write_listing
from phantoms import CHANNELS, MASK, STRUCTURES, write_dataset


@pytest.fixture(scope="module")
def data_set(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder, [str(number) for number in range(1, 11)])
    return folder


@pytest.fixture
def view(data_set, tmp_path):
    """Look at the data set through its list, with files of other versions."""
    fields = {"image_channels": CHANNELS, "ground_truth_ids": STRUCTURES, "mask_id": MASK}

    def look(**etags):
        folder = write_listing(data_set, tmp_path / "copy", **etags)
        cloud = {"local_dataset": None, "azure_dataset_id": "livers", **fields}
        model = load_model(HelloWorld, {**cloud, "class_weights": None})
        found = DatasetView(model, tmp_path / "none.json", 3, folder)
        assert found.all_rows  # read now: the next look writes another list
        return found

    return look


def test_sizes_times_and_versions_are_read(data_set, tmp_path):
    folder = write_listing(data_set, tmp_path / "copy", spleen="0x8D")
    state = listed_files(folder)["002/spleen.nii.gz"]
    file = (data_set / "002" / "spleen.nii.gz").stat()
    assert (state.size, state.mtime_ns) == (file.st_size, int(file.st_mtime) * 10**9)
    assert (state.identity, state.sha256) == (f"{file.st_size}-0x8D", "")
    assert (is_listed(folder), is_listed(data_set)) == (True, False)


def test_the_list_gives_the_splits_that_the_data_set_gives(view, data_set, tmp_path):
    listed = view()
    local = DatasetView(listed.model, tmp_path / "none.json", 3, data_set)
    assert listed.missing == local.missing == ""
    assert listed.file_states.keys() == local.file_states.keys()
    for split in Split:
        assert listed.splits(1).subjects(split) == local.splits(1).subjects(split) != []


def test_a_mask_of_another_version_changes_the_hashes_that_masks_have_a_part_in(view):
    before, after = view(), view(spleen="2")
    assert before.rows(0, *Split) != after.rows(0, *Split)
    assert before.all_rows != after.all_rows
    assert before.rows(0, *Split, images_only=True) == after.rows(0, *Split, images_only=True)
    assert view().rows(0, *Split) == before.rows(0, *Split)


def test_a_path_with_detours_finds_its_file(data_set, tmp_path, view):
    shutil.copytree(data_set, tmp_path / "data")
    table = tmp_path / "data" / "dataset.csv"
    table.write_text(table.read_text().replace("002/ct", "002/../002/ct"))
    plain = view().file_states["002/ct.nii.gz"]
    folder = write_listing(tmp_path / "data", tmp_path / "other")
    found = DatasetView(view().model, tmp_path / "none.json", 3, folder)
    assert found.file_states["002/../002/ct.nii.gz"].identity == plain.identity


@pytest.mark.parametrize("text", ["path,size\na,1\n", "path,size,etag,modified\na,x,1,2\n"])
def test_a_damaged_list_is_told(tmp_path, text):
    (tmp_path / CLOUD_FILES_CSV).write_text(text)
    with pytest.raises(DatasetError, match="delete its folder"):
        listed_files(tmp_path)
