"""A single file of DICOM comes in the scanner's units, bright where the film is bright."""

import numpy as np
import pytest

from dicom_bytes import write_dicom_file
from innereye.errors import ImageError
from innereye.io.dicom_file import is_dicom, read_dicom_file
from scalar_images import PICTURE

# Stored values fill the bits, signed ones to both sides of 0.
STORED = {
    ("uint8", 8): (PICTURE.astype(np.uint8), 255),
    ("uint16", 16): (PICTURE.astype(np.uint16) * 250, 65535),
    ("uint16", 12): (PICTURE.astype(np.uint16) * 16, 4095),
    ("int16", 16): (PICTURE.astype(np.int16) * 100 - 9000, -1),
}


def test_slope_and_intercept_are_applied(tmp_path):
    path = write_dicom_file(tmp_path / "a.dcm", PICTURE, rescale=(2, -1000))
    np.testing.assert_array_equal(read_dicom_file(path)[0], PICTURE * 2.0 - 1000)


@pytest.mark.parametrize("kind", STORED, ids=str)
def test_low_values_may_be_bright(kind, tmp_path):
    stored, largest = STORED[kind]
    for photometric, expected in (
        ("MONOCHROME2", stored.astype(int)),
        ("MONOCHROME1", largest - stored.astype(int)),
    ):
        path = tmp_path / f"{photometric}.dcm"
        write_dicom_file(path, stored, photometric=photometric, bits=kind[1])
        np.testing.assert_array_equal(read_dicom_file(path)[0], expected)


def test_values_are_inverted_before_slope_and_intercept(tmp_path):
    path = tmp_path / "a.dcm"
    write_dicom_file(path, PICTURE, photometric="MONOCHROME1", rescale=(0.5, 10))
    np.testing.assert_array_equal(read_dicom_file(path)[0], (255 - PICTURE.astype(int)) * 0.5 + 10)


def test_colours_are_refused(tmp_path):
    path = write_dicom_file(tmp_path / "a.dcm", PICTURE, photometric="RGB")
    with pytest.raises(ImageError, match=r"a\.dcm"):
        read_dicom_file(path)


def test_dicom_is_told_by_its_content(tmp_path):
    assert is_dicom(write_dicom_file(tmp_path / "IM0001", PICTURE))
    (tmp_path / "words.dcm").write_text("words " * 40)
    assert not is_dicom(tmp_path / "words.dcm")
    assert not is_dicom(tmp_path / "none.dcm")
    with pytest.raises(ImageError, match=r"words\.dcm cannot be read as DICOM"):
        read_dicom_file(tmp_path / "words.dcm")
