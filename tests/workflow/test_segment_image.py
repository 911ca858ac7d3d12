"""Does one command segment one scan, and keep what lies in the user's folder?"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from dicom_series import write_series
from innereye.io.image import Geometry, read_image
from projects import Project

SCAN = Path("data", "007", "channel1.nii.gz")


@pytest.fixture
def folder(finished: Project, tmp_path: Path) -> Project:
    """A working folder with a model folder and data, and no run."""
    project = Project(tmp_path)
    project.set_up()
    project.path("data").symlink_to(finished.path("data"))
    shutil.copytree(finished.path("outputs", "final_model"), project.path("model"))
    project.path("got").mkdir()
    return project


def test_a_scan_is_segmented_as_in_its_data_set_and_no_result_is_overwritten(folder, finished):
    config = {"image_file": SCAN, "local_model": "model", "download_folder": "got"}
    folder.path("got", "segmentation.nii.gz").write_text("mine")
    printed = folder.succeed("segment_image", **config)
    assert "Wrote got/segmentation_001.nii.gz" in printed
    assert folder.path("got", "segmentation.nii.gz").read_text() == "mine"
    found = read_image(folder.path("got", "segmentation_001.nii.gz"), np.uint8)
    # The reported epoch of this run is the second; its mask of valid voxels is not asked for here.
    expected = read_image(
        finished.path("outputs", "epoch_002", "Test", "007", "segmentation.nii.gz"), np.uint8
    )
    mask = read_image(finished.path("data", "007", "mask.nii.gz"), np.uint8).array == 1
    np.testing.assert_array_equal(found.array[mask], expected.array[mask])
    assert found.geometry.differences(expected.geometry) == []
    left = [path for path in folder.path(".snakemake", "innereye").rglob("*") if path.is_file()]
    assert {path.suffix for path in left} == {".log"}
    assert not folder.path("outputs").exists()


@pytest.mark.slow
def test_a_series_gives_dicom_beside_it(folder):
    geometry = Geometry((24, 28, 26), (1.0, 1.0, 1.0))
    voxels = read_image(folder.path(SCAN), np.float32).array.astype(np.int16)
    write_series(folder.path("series"), voxels, geometry)
    for kind in ("RTSTRUCT", "seg"):
        config = {"image_file": "series", "local_model": "model", "dicom_format": kind}
        folder.succeed("segment_image", **config, download_folder="got")
    names = {path.name for path in folder.path("got").iterdir()}
    pairs = {"segmentation.nii.gz", "segmentation.dcm.zip"}
    assert names == pairs | {"segmentation_001.nii.gz", "segmentation_001.dcm.zip"}


@pytest.mark.parametrize(
    ("config", "sentences"),
    [
        (
            {"download_folder": "nowhere"},
            [
                "image_file names no scan",
                "one of local_model=... and model_id=NAME:VERSION names the model",
                "download_folder: nowhere is not a folder",
            ],
        ),
        (
            {"image_file": "no.nii.gz", "local_model": "data"},
            ["image_file: no.nii.gz does not exist", "local_model: data is no model folder"],
        ),
        ({"image_file": SCAN, "local_model": "model", "model_id": "A:1"}, ["one of local_model"]),
        ({"image_file": SCAN, "local_model": "model", "dicom_format": "X"}, ["RTSTRUCT or SEG"]),
    ],
)
def test_all_that_a_request_lacks_is_told_at_once(config, sentences, folder):
    printed = folder.fail("--dry-run", "segment_image", **config)
    assert [each for each in sentences if each not in printed] == []


@pytest.mark.slow
def test_a_scan_of_too_few_channels_leaves_nothing(folder):
    config = {"image_file": f"{SCAN},{SCAN}", "local_model": "model", "download_folder": "got"}
    printed = folder.fail("segment_image", **config)
    assert "2 files came; the model takes 1: channel1" in printed
    assert not list(folder.path("got").iterdir())
