"""A single file of DICOM comes in the scanner's units, bright where the film is bright."""

import numpy as np
import pytest

from innereye.errors import ImageError
from innereye.io.dicom_file import is_dicom, read_dicom_file
from scalar_images import PICTURE, write_dicom


def invert(path):
    """Say of a file that low values are bright."""
    content = path.read_bytes()
    assert content.count(b"MONOCHROME2 ") == 1
    path.write_bytes(content.replace(b"MONOCHROME2 ", b"MONOCHROME1 "))
    return path


def with_bits(path, bits):
    """Say of a file of 16 bits that fewer are stored, the highest of them one below."""
    content = path.read_bytes()
    for tag, value, new in ((b"\x01\x01", 16, bits), (b"\x02\x01", 15, bits - 1)):
        old = b"\x28\x00" + tag + b"US\x02\x00" + bytes([value, 0])
        assert content.count(old) == 1
        content = content.replace(old, old[:-2] + bytes([new, 0]))
    path.write_bytes(content)
    return path


def test_slope_and_intercept_are_applied(tmp_path):
    hounsfield = PICTURE.astype(np.int16) * 2 - 1000
    path = write_dicom(tmp_path, hounsfield, slope=2, intercept=-1000)
    np.testing.assert_array_equal(read_dicom_file(path), hounsfield[None])


@pytest.mark.parametrize(
    ("dtype", "largest"), [(np.uint8, 255), (np.uint16, 65535), (np.int16, -1)]
)
def test_low_values_may_be_bright(dtype, largest, tmp_path):
    pixels = PICTURE.astype(dtype)
    path = invert(write_dicom(tmp_path, pixels))
    np.testing.assert_array_equal(read_dicom_file(path), largest - pixels[None].astype(int))


def test_the_largest_value_is_that_of_the_bits_stored(tmp_path):
    path = with_bits(invert(write_dicom(tmp_path, PICTURE.astype(np.uint16))), 12)
    np.testing.assert_array_equal(read_dicom_file(path), 4095 - PICTURE[None].astype(int))


def test_values_are_inverted_before_slope_and_intercept(tmp_path):
    stored = PICTURE.astype(np.uint16)
    units = (stored * 0.5 + 10).astype(np.float64)
    path = write_dicom(tmp_path, units, slope=0.5, intercept=10)
    plain = read_dicom_file(path)
    largest = (2**16 - 1) * 0.5 + 10
    np.testing.assert_allclose(plain[0], units, atol=0.3)
    np.testing.assert_allclose(read_dicom_file(invert(path))[0], largest + 10 - plain[0], atol=1)


def test_dicom_is_told_by_its_content(tmp_path):
    path = write_dicom(tmp_path, PICTURE, "IM0001")
    assert is_dicom(path)
    (tmp_path / "words.dcm").write_text("words " * 40)
    assert not is_dicom(tmp_path / "words.dcm")
    assert not is_dicom(tmp_path / "none.dcm")
    with pytest.raises(ImageError, match=r"words\.dcm cannot be read as DICOM"):
        read_dicom_file(tmp_path / "words.dcm")
