"""Volumes go to files and back unchanged, and what cannot be read says why."""

import gzip
import struct

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.errors import ImageError
from innereye.io.image import (
    Geometry,
    count_channels,
    read_channels,
    read_geometry,
    read_image,
    write_image,
)
from phantoms import GEOMETRY, SIZE, box

OBLIQUE = (0.6, -0.8, 0.0, 0.8, 0.6, 0.0, 0.0, 0.0, 1.0)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    array=arrays(
        st.sampled_from(["u1", "i2", "i4", "f4", "f8", "u2", "i1"]),
        st.tuples(*[st.integers(1, 6)] * 3),
    )
)
def test_voxels_and_type_survive_a_file(tmp_path, array):
    geometry = Geometry(array.shape, (2.5, 0.75, 0.5), (3.0, -4.5, 100.25), OBLIQUE)
    write_image(tmp_path / "a.nii.gz", array, geometry)
    image = read_image(tmp_path / "a.nii.gz", None)
    assert np.array_equal(image.array, array, equal_nan=array.dtype.kind == "f")
    assert image.array.dtype == array.dtype
    assert image.geometry.differences(geometry) == []


def test_geometry_is_that_of_simpleitk(tmp_path):
    geometry = Geometry(SIZE, (3.0, 0.9, 0.8), (1.0, 2.0, 3.0), OBLIQUE)
    write_image(tmp_path / "a.nii.gz", box((1, 2, 3), (4, 5, 6)), geometry)
    read = sitk.ReadImage(str(tmp_path / "a.nii.gz"))
    found = read_geometry(tmp_path / "a.nii.gz")
    assert read.GetSize() == found.size_zyx[::-1]
    assert read.GetSpacing() == found.spacing_zyx_mm[::-1]
    assert (read.GetOrigin(), read.GetDirection()) == (found.origin_xyz_mm, found.direction)


def test_a_second_trip_through_a_file_changes_no_byte(tmp_path):
    write_image(tmp_path / "a.nii.gz", box((1, 2, 3), (4, 5, 6)), GEOMETRY)
    image = read_image(tmp_path / "a.nii.gz", None)
    write_image(tmp_path / "b" / "other.nii.gz", image.array, image.geometry)
    first, second = (tmp_path / "a.nii.gz", tmp_path / "b" / "other.nii.gz")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == bytes(4), "no time in the header"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nii.gz", "b"]


def test_bool_is_written_as_uint8_and_float32_is_what_is_read(tmp_path):
    write_image(tmp_path / "a.nii.gz", box((1, 2, 3), (4, 5, 6)) > 0, GEOMETRY)
    assert read_image(tmp_path / "a.nii.gz", None).array.dtype == np.uint8
    assert read_image(tmp_path / "a.nii.gz").array.dtype == np.float32


def test_scaled_and_big_endian_files_read_as_simpleitk_reads_them(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    array = np.arange(24, dtype=">i2").reshape(2, 3, 4)
    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_dtype(">i2")
    nibabel.save(nibabel.Nifti1Image(array, np.diag([1.0, 1, 2, 1]), header), tmp_path / "a.nii")
    content = bytearray((tmp_path / "a.nii").read_bytes())
    assert content[:4] == struct.pack(">i", 348)
    struct.pack_into(">2f", content, 112, 2.0, -7.0)  # slope and intercept
    (tmp_path / "a.nii").write_bytes(content)
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "a.nii")))
    assert np.array_equal(read_image(tmp_path / "a.nii", None).array, expected)
    assert expected.max() == 23 * 2 - 7


def test_a_slightly_skewed_direction_is_read(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    affine = np.diag([1.0, 1, 3, 1])
    affine[0, 1] = 0.01
    volume = nibabel.Nifti1Image(np.zeros((4, 5, 6), np.uint8), affine)
    volume.set_sform(affine, 1)
    volume.set_qform(None, 0)
    nibabel.save(volume, tmp_path / "a.nii.gz")
    geometry = read_image(tmp_path / "a.nii.gz").geometry
    assert geometry.size_zyx == (6, 5, 4)
    assert np.allclose(geometry.direction, np.diag([-1, -1, 1]).ravel(), atol=0.01)


def _channels(tmp_path, count):
    array = np.random.default_rng(1).normal(size=(count, 2, 3, 4)).astype(np.float32)
    image = sitk.JoinSeries([sitk.GetImageFromArray(channel) for channel in array])
    sitk.WriteImage(image, str(tmp_path / "c.nii.gz"))
    return array


def test_channels_of_one_file_come_apart(tmp_path):
    array = _channels(tmp_path, 3)
    voxels, geometry = read_channels(tmp_path / "c.nii.gz")
    assert np.array_equal(voxels, array)
    assert geometry.size_zyx == (2, 3, 4)
    assert count_channels(tmp_path / "c.nii.gz") == 3
    with pytest.raises(ImageError, match="4 dimensions; 3 are allowed"):
        read_image(tmp_path / "c.nii.gz")


def test_a_fourth_dimension_of_one_is_a_volume(tmp_path):
    array = _channels(tmp_path, 1)
    assert np.array_equal(read_image(tmp_path / "c.nii.gz").array, array[0])


def _written(tmp_path, name="a.nii.gz"):
    write_image(tmp_path / name, box((1, 2, 3), (4, 5, 6)), GEOMETRY)
    return tmp_path / name


@pytest.mark.parametrize("lost", [1, 8, 40])
def test_a_truncated_file_is_refused_wherever_it_is_cut(tmp_path, lost):
    path = _written(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(ImageError, match="truncated or damaged"):
        read_image(path)


def test_a_truncated_plain_file_is_refused(tmp_path):
    content = gzip.decompress(_written(tmp_path).read_bytes())
    (tmp_path / "b.nii").write_bytes(content)
    assert read_image(tmp_path / "b.nii").array.sum() == 27
    (tmp_path / "b.nii").write_bytes(content[:-1])
    with pytest.raises(ImageError, match="truncated"):
        read_image(tmp_path / "b.nii")


def test_missing_foreign_flat_and_odd_files_say_what_is_wrong(tmp_path):
    with pytest.raises(ImageError, match="does not exist"):
        read_image(tmp_path / "none.nii.gz")
    with pytest.raises(ImageError, match=r"not a NIfTI file, nor .*; \.nii\.gz, \.nii, \.npy"):
        read_image(tmp_path / "scan.mha")
    (tmp_path / "text.nii.gz").write_bytes(b"no volume")
    with pytest.raises(ImageError, match="cannot be read as NIfTI"):
        read_geometry(tmp_path / "text.nii.gz")
    sitk.WriteImage(sitk.Image(4, 5, sitk.sitkUInt8), str(tmp_path / "flat.nii.gz"))
    with pytest.raises(ImageError, match="2 dimensions; 3 are allowed"):
        read_image(tmp_path / "flat.nii.gz")


def test_colours_are_no_voxels(tmp_path):
    content = bytearray(gzip.decompress(_written(tmp_path).read_bytes()))
    struct.pack_into("<2h", content, 70, 128, 24)
    (tmp_path / "rgb.nii").write_bytes(bytes(content) * 3)
    with pytest.raises(ImageError, match="type 128; plain numbers"):
        read_image(tmp_path / "rgb.nii")


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"size_zyx": (12, 20, 23)}, "size (12, 20, 24) against (12, 20, 23)"),
        ({"spacing_zyx_mm": (3.0, 0.9, 0.9)}, "spacing (3.0, 1.0, 1.0) against (3.0, 0.9, 0.9) mm"),
        ({"origin_xyz_mm": (0.0, 20.0, 100.0)}, "origin (-7.5, 20.0, 100.0) against"),
        ({"direction": OBLIQUE}, "direction (1.0, 0.0"),
    ],
)
def test_each_difference_of_geometry_has_its_phrase(change, phrase):
    other = Geometry(**{**GEOMETRY.__dict__, **change})
    (found,) = GEOMETRY.differences(other)
    assert found.startswith(phrase)
    assert GEOMETRY.differences(GEOMETRY) == []


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = _written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="geometry"):
        write_image(path, np.zeros((2, 2, 2)), GEOMETRY)
    with pytest.raises(Exception):  # noqa: B017  # complex numbers have no NIfTI here
        write_image(path, np.zeros(SIZE, np.float16), GEOMETRY)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.nii.gz"]
