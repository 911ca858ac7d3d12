"""Is one scan segmented as the subject of a data set would be, given a model folder alone?"""

import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch

from dicom_series import ORIENTATIONS, write_series, zipped
from innereye.configs.stages.scan import ScanSettings
from innereye.errors import InnerEyeError
from innereye.inference.model_code import ModelCode
from innereye.inference.model_folder import write_model_folder
from innereye.inference.scan_as_dicom import DicomFormat, DicomRequest
from innereye.inference.segment import segment
from innereye.inference.segment_scan import ScanResult, segment_scan
from innereye.io.image import Geometry, read_image, write_image
from innereye.models.build import build_model

FIELDS = {
    "image_channels": ["one", "two"],
    "ground_truth_ids": ["liver", "spleen"],
    "norm_method": "None",
    "architecture": "UNet3D",
    "feature_channels": [2],
    "num_downsampling_paths": 1,
    "test_crop_size": [8, 16, 16],
    "num_cpu_threads": 1,
}
GEOMETRY = Geometry((9, 20, 17), (3.0, 1.0, 1.5), (5.0, -7.0, 11.0), (0.0, 1, 0, 1, 0, 0, 0, 0, -1))


@pytest.fixture(autouse=True)
def _threads_as_before():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def packaged(folder, seeds=(1,), **changes):
    """Return a model folder with untrained networks."""
    fields = {**FIELDS, **changes}
    checkpoints = []
    for seed in seeds:
        network = build_model(
            architecture="UNet3D",
            input_channels=len(fields["image_channels"]),
            num_classes=3,
            feature_channels=[2],
            kernel_size=3,
            num_downsampling_paths=1,
            normalisation_layer="BatchNorm",
            seed=seed,
        )
        weights = {f"model.{name}": value for name, value in network.state_dict().items()}
        checkpoints.append(folder.with_name(f"{seed}.ckpt"))
        torch.save({"epoch": 1, "state_dict": weights}, checkpoints[-1])
    write_model_folder(
        folder,
        checkpoints,
        code=ModelCode(None, folder.with_name("outputs"), project=folder.parent),
        model_name="A",
        model_configs_namespace="innereye.configs",
        settings=json.dumps(fields),
    )
    return folder


def scan(folder, names=("one", "two"), geometry=GEOMETRY):
    paths = []
    for number, name in enumerate(names):
        voxels = np.random.default_rng(number).normal(size=geometry.size_zyx).astype(np.float32)
        paths.append(folder / f"{name}.nii.gz")
        write_image(paths[-1], voxels, geometry)
    return paths


def segmented(images, model, folder, **request):
    result = ScanResult(folder, dicom=DicomRequest(**request))
    segment_scan(images, model_folder=model, result=result, max_num_gpus=0)
    return read_image(result.image, np.uint8)


@pytest.mark.parametrize("seeds", [(1,), (1, 2)])
def test_a_scan_is_segmented_as_a_subject_is(seeds, tmp_path):
    model, images = packaged(tmp_path / "model", seeds), scan(tmp_path)
    found = segmented(images, model, tmp_path / "result")
    assert found.geometry.differences(GEOMETRY) == []
    rows = "".join(f"1,{path.name},{path.name.partition('.')[0]}\n" for path in images)
    (tmp_path / "test_dataset.csv").write_text("subject,filePath,channel\n" + rows)
    segment(
        checkpoints=[model],
        split_csv=tmp_path / "test_dataset.csv",
        output_folder=tmp_path / "split",
        settings=ScanSettings(**FIELDS, local_dataset=tmp_path, max_num_gpus=0),
    )
    expected = read_image(tmp_path / "split" / "001" / "segmentation.nii.gz", np.uint8)
    np.testing.assert_array_equal(found.array, expected.array)
    assert len(np.unique(found.array)) > 1


def test_nothing_but_the_result_is_left(tmp_path):
    model, images = packaged(tmp_path / "model"), scan(tmp_path)
    segmented(images, model, tmp_path / "result")
    assert [path.name for path in (tmp_path / "result").iterdir()] == ["segmentation.nii.gz"]


def test_the_program_in_the_folder_needs_nothing_else(tmp_path):
    model = packaged(tmp_path / "model")
    (tmp_path / "data").mkdir()
    images = scan(tmp_path / "data")
    command = [sys.executable, "-I", model / "score.py", "--data_folder", tmp_path / "data"]
    command += ["--image_files", *[path.name for path in images], "--use_gpu", "False"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Wrote segmentation.nii.gz: liver " in done.stderr
    assert read_image(tmp_path / "segmentation.nii.gz", None).geometry.differences(GEOMETRY) == []


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("orientation", ["axial", "coronal", "sagittal"])
def test_a_series_gives_dicom_on_its_own_slices(orientation, packed, tmp_path):
    import pydicom

    model = packaged(tmp_path / "model", image_channels=["ct"])
    geometry = Geometry((6, 12, 14), (2.5, 1.0, 1.5), (5, -7, 11), ORIENTATIONS[orientation])
    voxels = np.random.default_rng(1).integers(-100, 100, geometry.size_zyx).astype(np.int16)
    series = write_series(tmp_path / "series", voxels, geometry)
    source = zipped(series, tmp_path / "series.zip") if packed else series
    found = segmented([source], model, tmp_path / "result", model_id="A:3")
    write_image(tmp_path / "same.nii.gz", voxels.astype(np.float32), geometry)
    expected = segmented([tmp_path / "same.nii.gz"], model, tmp_path / "other")
    np.testing.assert_array_equal(found.array, expected.array)
    assert found.geometry.differences(geometry) == []
    with zipfile.ZipFile(tmp_path / "result" / "segmentation.dcm.zip") as archive:
        assert archive.namelist() == ["segmentation.dcm"]
        archive.extractall(tmp_path)
    dataset = pydicom.dcmread(tmp_path / "segmentation.dcm")
    assert dataset.Modality == "RTSTRUCT"
    names = {each.ROIName for each in dataset.StructureSetROISequence}
    assert names <= {"liver", "spleen"}
    assert names


def test_a_series_gives_a_dicom_segmentation_where_that_is_wanted(tmp_path):
    model = packaged(tmp_path / "model", image_channels=["ct"])
    geometry = Geometry((6, 12, 14), (2.5, 1.0, 1.5))
    voxels = np.random.default_rng(1).integers(-100, 100, geometry.size_zyx).astype(np.int16)
    series = write_series(tmp_path / "series", voxels, geometry)
    segmented([series], model, tmp_path / "result", kind=DicomFormat.SEG)
    assert (tmp_path / "result" / "segmentation.dcm.zip").is_file()


def test_all_that_is_wrong_with_the_images_is_told(tmp_path):
    model = packaged(tmp_path / "model")
    with pytest.raises(InnerEyeError) as caught:
        segmented([tmp_path / "no.nii.gz"], model, tmp_path / "result")
    assert "no.nii.gz does not exist" in str(caught.value)
    assert "1 files came; the model takes 2: one, two" in str(caught.value)


def test_channels_on_different_grids_are_refused(tmp_path):
    model = packaged(tmp_path / "model")
    moved = Geometry(
        GEOMETRY.size_zyx, GEOMETRY.spacing_zyx_mm, (0.0, 0.0, 0.0), GEOMETRY.direction
    )
    images = [scan(tmp_path, ["one"])[0], scan(tmp_path, ["two"], moved)[0]]
    with pytest.raises(InnerEyeError, match=r"lie on different grids:\n.*origin"):
        segmented(images, model, tmp_path / "result")


def test_another_spacing_than_the_expected_one_is_refused(tmp_path):
    model = packaged(tmp_path / "model", dataset_expected_spacing_xyz=[1, 1, 1])
    with pytest.raises(InnerEyeError, match="dataset_expected_spacing_xyz is 1 x 1 x 1 mm"):
        segmented(scan(tmp_path), model, tmp_path / "result")


def test_folders_without_settings_are_explained(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(InnerEyeError, match="is no model folder"):
        segmented(scan(tmp_path), tmp_path / "model", tmp_path / "result")
    (tmp_path / "model" / "model_inference_config.json").write_text("{}")
    with pytest.raises(InnerEyeError, match="is a model folder of another program"):
        segmented(scan(tmp_path), tmp_path / "model", tmp_path / "result")


def test_settings_of_another_version_are_explained(tmp_path):
    model = packaged(tmp_path / "model", field_of_tomorrow=1)
    with pytest.raises(
        InnerEyeError, match=r"field_of_tomorrow.*Segment with the program score\.py"
    ):
        segmented(scan(tmp_path), model, tmp_path / "result")
