"""Decathlon and nnU-Net folders become data sets, or say all that is wrong with them."""

import json

import numpy as np
import pytest
import SimpleITK as sitk

from innereye.data.check import check_dataset
from innereye.data.dataset import read_dataset
from innereye.data.msd import import_msd
from innereye.data.msd_source import safe_name, subject_ids
from innereye.errors import DatasetError
from innereye.io.image import read_channels, read_image, write_image
from phantoms import CHANNELS, GEOMETRY, rewrite, volumes

NAMES = ("scan_010", "scan_002")


def labels(number):
    found = volumes(number)
    return (found["liver"] + 2 * found["spleen"]).astype(np.uint8)


def write_msd(folder, channels=1, **changes):
    content = {
        "modality": {str(index): name for index, name in enumerate(["CT", "PET"][:channels])},
        "labels": {"0": "background", "1": "Liver", "2": "Left spleen"},
        "training": [
            {"image": f"./imagesTr/{name}.nii.gz", "label": f"./labelsTr/{name}.nii.gz"}
            for name in NAMES
        ],
    }
    for number, name in enumerate(NAMES):
        image = volumes(number)["ct"]
        path = folder / "imagesTr" / f"{name}.nii.gz"
        write_image(path, image, GEOMETRY)
        if channels == 2:
            single = sitk.ReadImage(str(path))
            sitk.WriteImage(sitk.JoinSeries([single, single + 7]), str(path))
        write_image(folder / "labelsTr" / f"{name}.nii.gz", labels(number), GEOMETRY)
    write_json(folder, {**content, **changes})
    return folder


def write_nnunet(folder, **changes):
    content = {
        "channel_names": {"0": "CT", "1": "PET"},
        "labels": {"background": 0, "Liver": 1, "Left spleen": 2},
        "numTraining": 2,
        "file_ending": ".nii.gz",
    }
    for number, name in enumerate(NAMES):
        for channel in range(2):
            path = folder / "imagesTr" / f"{name}_{channel:04d}.nii.gz"
            write_image(path, volumes(number)["ct"] + np.int16(7 * channel), GEOMETRY)
        write_image(folder / "labelsTr" / f"{name}.nii.gz", labels(number), GEOMETRY)
    write_json(folder, {**content, **changes})
    return folder


def write_json(folder, content):
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(content))


def faults_of(csv_path, channels):
    return check_dataset(
        read_dataset(csv_path),
        root=csv_path.parent,
        image_channels=channels,
        ground_truth_ids=("liver", "left_spleen"),
        mask_id=None,
        check_exclusive=True,
        previous=None,
        workers=1,
    ).faults


@pytest.mark.parametrize(
    ("write", "channels"),
    [
        (write_msd, ("ct",)),
        (lambda folder: write_msd(folder, channels=2), ("ct", "pet")),
        (write_nnunet, ("ct", "pet")),
    ],
)
def test_every_layout_becomes_a_sound_data_set(tmp_path, write, channels):
    csv_path = import_msd(write(tmp_path / "source"), tmp_path / "data")
    assert faults_of(csv_path, channels) == []
    frame = read_dataset(csv_path)
    assert list(frame["subject"].unique()) == ["2", "10"]
    assert set(frame["seriesId"]) == set(NAMES)
    for number, folder in enumerate(["010", "002"]):
        written = tmp_path / "data" / folder
        for index, channel in enumerate(channels):
            image = read_image(written / f"{channel}.nii.gz", None)
            assert np.array_equal(image.array, volumes(number)["ct"] + 7 * index)
            assert image.geometry.differences(GEOMETRY) == []
        spleen = read_image(written / "left_spleen.nii.gz", None).array
        assert np.array_equal(spleen, volumes(number)["spleen"])


def test_an_image_of_one_channel_is_taken_byte_by_byte(tmp_path):
    source = write_msd(tmp_path / "source")
    import_msd(source, tmp_path / "data")
    before = (source / "imagesTr" / "scan_002.nii.gz").read_bytes()
    assert (tmp_path / "data" / "002" / "ct.nii.gz").read_bytes() == before


def test_plain_nifti_files_keep_their_suffix(tmp_path):
    source = write_nnunet(tmp_path / "source", file_ending=".nii", channel_names={"0": "CT"})
    for path in source.rglob("*.nii.gz"):
        image = sitk.ReadImage(str(path))
        path.unlink()
        sitk.WriteImage(image, str(path).removesuffix(".gz"))
    csv_path = import_msd(source, tmp_path / "data")
    assert (tmp_path / "data" / "002" / "ct.nii").is_file()
    assert faults_of(csv_path, CHANNELS) == []


def _label(source, change, **geometry):
    rewrite(source / "labelsTr" / "scan_002.nii.gz", change, **geometry)


def _one(array):
    return array


BROKEN = {
    "no dataset.json": (lambda s: (s / "dataset.json").unlink(), "dataset.json does not exist"),
    "no JSON": (lambda s: (s / "dataset.json").write_text("{"), "cannot be read as JSON"),
    "no label": (
        lambda s: (s / "labelsTr" / "scan_002.nii.gz").unlink(),
        r"case scan_002: .*labelsTr/scan_002.nii.gz does not exist",
    ),
    "no image": (
        lambda s: (s / "imagesTr" / "scan_002.nii.gz").unlink(),
        r"case scan_002: .*imagesTr/scan_002.nii.gz does not exist",
    ),
    "unknown value": (
        lambda s: _label(s, lambda a: a * 2),
        r"scan_002.nii.gz: holds label values 4; dataset.json lists 0, 1, 2",
    ),
    "fraction": (lambda s: _label(s, lambda a: a.astype("f4") / 4), "holds label values 0.25, 0.5"),
    "geometry": (
        lambda s: _label(s, _one, spacing_zyx_mm=(3.0, 1.0, 2.0)),
        r"scan_002.nii.gz: spacing \(3.0, 1.0, 2.0\) against",
    ),
    "truncated": (
        lambda s: (s / "labelsTr" / "scan_002.nii.gz").write_bytes(
            (s / "labelsTr" / "scan_002.nii.gz").read_bytes()[:-9]
        ),
        r"case scan_002: .*truncated",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_source_says_why_and_leaves_no_dataset_csv(tmp_path, name):
    source = write_msd(tmp_path / "source")
    spoil, phrase = BROKEN[name]
    spoil(source)
    with pytest.raises(DatasetError, match=phrase):
        import_msd(source, tmp_path / "data")
    assert not (tmp_path / "data" / "dataset.csv").exists()


def test_all_cases_are_told_at_once(tmp_path):
    source = write_msd(tmp_path / "source")
    for name in NAMES:
        rewrite(source / "labelsTr" / f"{name}.nii.gz", lambda a: a * 3)
    with pytest.raises(DatasetError, match=r"(?s)case scan_002.*case scan_010"):
        import_msd(source, tmp_path / "data")


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"labels": {"background": 0, "a": 1, "both": [1, 2]}}, "'both' is a region of several"),
        ({"labels": {"background": 0, "a": 1, "ignore": 2}}, "'ignore': voxels to be ignored"),
        ({"labels": {"background": 0}}, "name no structure"),
        ({"labels": {"background": 0, "A b": 1, "a_b": 2}}, "more than one structure .* 'a_b'"),
        ({"labels": {"background": 0, "a": 1, "b": 1}}, "label value 1 has more than one name"),
        ({"labels": {"background": 0, "a": "x"}}, "whole numbers are allowed"),
        ({"labels": {"background": 1, "a": 2}}, "'background' has a label value other than 0"),
        ({"labels": {"background": 0, "CT": 1}}, "'ct' is both a channel and a structure"),
        ({"labels": None}, "has no labels"),
        ({"channel_names": None}, "no channel_names and no modality"),
        ({"file_ending": ".png"}, "file_ending is '.png'"),
        ({"channel_names": {"0": "CT"}}, "^$"),
    ],
)
def test_a_dataset_json_that_is_unclear_is_refused(tmp_path, changes, phrase):
    source = write_nnunet(tmp_path / "source", **changes)
    if phrase == "^$":  # fewer channels than files: the listed ones are taken
        assert import_msd(source, tmp_path / "data").is_file()
        return
    with pytest.raises(DatasetError, match=phrase):
        import_msd(source, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_more_channels_than_listed_in_one_file_are_refused(tmp_path):
    source = write_msd(tmp_path / "source", channels=2, modality={"0": "CT"})
    with pytest.raises(DatasetError, match=r"there are 2 channels; dataset\.json lists ct"):
        import_msd(source, tmp_path / "data")


def test_a_label_without_image_and_an_image_without_label_are_told(tmp_path):
    source = write_nnunet(tmp_path / "source")
    (source / "labelsTr" / "scan_002.nii.gz").unlink()
    (source / "imagesTr" / "scan_010_0001.nii.gz").unlink()
    with pytest.raises(DatasetError, match=r"(?s)labelsTr/scan_002.*imagesTr/scan_010_0001"):
        import_msd(source, tmp_path / "data")


def test_a_data_set_is_not_overwritten(tmp_path):
    source = write_msd(tmp_path / "source")
    import_msd(source, tmp_path / "data")
    with pytest.raises(DatasetError, match="holds a data set already"):
        import_msd(source, tmp_path / "data")


def test_names_are_made_safe():
    assert safe_name("Left Spleen (big)") == "left_spleen_big"
    assert safe_name("T1-Gd") == "t1-gd"


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["hippocampus_001", "hippocampus_020"], ["1", "20"]),
        (["a_1", "b_1"], ["a_1", "b_1"]),
        (["a_1", "b"], ["a_1", "b"]),
        (["s3_07", "s3_08"], ["7", "8"]),
    ],
)
def test_subjects_are_numbers_where_numbers_tell_them_apart(names, ids):
    assert subject_ids(names) == ids


def test_the_several_channels_of_a_file_are_read(tmp_path):
    source = write_msd(tmp_path / "source", channels=2)
    voxels, _ = read_channels(source / "imagesTr" / "scan_002.nii.gz")
    assert voxels.shape == (2, 12, 20, 24)
