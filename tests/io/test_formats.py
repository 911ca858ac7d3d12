"""Voxels survive numpy and HDF5 files, headers suffice for sizes, and what is no volume says why."""

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.errors import ImageError
from innereye.io.image import read_channels, read_geometry, read_image
from phantoms import GEOMETRY

volumes = arrays(
    st.sampled_from(["u1", "i2", "<i4", ">i4", "f4", "f8", ">f8", "f2", "u2", "i8", "?"]),
    st.tuples(*[st.integers(1, 5)] * 3),
)
many = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(folder, kind, array):
    if kind == "npy":
        np.save(folder / "a.npy", array)
        return folder / "a.npy"
    if kind == "npz":
        np.savez_compressed(folder / "a.npz", array)
        return folder / "a.npz"
    with h5py.File(folder / "a.h5", "w") as file:
        file.create_dataset(
            "group/volume", data=np.stack([np.zeros_like(array), array]), compression="gzip"
        )
    return folder / "a.h5|group/volume|1"


@pytest.mark.parametrize("kind", ["npy", "npz", "h5"])
@many
@given(array=volumes)
def test_voxels_and_type_survive_a_file(tmp_path, kind, array):
    path = write(tmp_path, kind, array)
    image = read_image(path, None)
    kept = array.view(np.uint8) if array.dtype == bool else array
    assert np.array_equal(image.array, kept, equal_nan=array.dtype.kind == "f")
    assert image.array.dtype == kept.dtype.newbyteorder("=")
    assert image.geometry == read_geometry(path)


@pytest.mark.parametrize("kind", ["npy", "npz", "h5"])
def test_only_the_size_is_stated(tmp_path, kind):
    path = write(tmp_path, kind, np.zeros((2, 3, 4), "i2"))
    assert read_image(path).array.dtype == np.float32
    geometry = read_geometry(path)
    assert (geometry.size_zyx, geometry.spacing_zyx_mm) == ((2, 3, 4), (1.0, 1.0, 1.0))
    assert not geometry.is_stated
    assert geometry.differences(GEOMETRY) == ["size (2, 3, 4) against (12, 20, 24)"]


@many
@given(labels=arrays("u1", (2, 3, 4), elements=st.integers(0, 3)), value=st.integers(0, 4))
def test_a_value_gives_the_mask_of_its_voxels(tmp_path, labels, value):
    path = f"{write(tmp_path, 'h5', labels)}|{value}"
    mask = read_image(tmp_path / path, None).array
    assert np.array_equal(mask, labels == value)
    assert mask.dtype == np.uint8


def test_an_array_in_fortran_order_keeps_its_axes(tmp_path):
    array = np.arange(24, dtype="i2").reshape(2, 3, 4)
    path = write(tmp_path, "npy", np.asfortranarray(array))
    assert np.array_equal(read_image(path, None).array, array)
    assert read_image(path, None).array.flags.c_contiguous


def header_alone(folder):
    """Write a file of which only the header is there."""
    path = write(folder, "npy", np.zeros((50, 60, 70)))
    path.write_bytes(path.read_bytes()[:128])
    return path


def test_a_header_is_enough_for_the_size_but_not_for_the_voxels(tmp_path):
    path = header_alone(tmp_path)
    assert read_geometry(path).size_zyx == (50, 60, 70)
    with pytest.raises(ImageError, match="cannot be read as numpy's"):
        read_image(path)


def two_arrays(folder):
    np.savez(folder / "a.npz", one=np.zeros((2, 2, 2)), two=np.zeros((2, 2, 2)))
    return folder / "a.npz"


def words(folder, name):
    (folder / name).write_bytes(b"no volume")
    return folder / name


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])
    return path


def part(folder, text):
    write(folder, "h5", np.zeros((2, 3, 4)))
    return folder / f"a.h5{text}"


def texts_in_hdf5(folder):
    with h5py.File(folder / "t.h5", "w") as file:
        file["words"] = np.full((1, 2, 2, 2), b"x")
    return folder / "t.h5|words|0"


FAULTS = {
    "flat": (lambda f: write(f, "npy", np.zeros((2, 3))), "2 dimensions; 3 are allowed"),
    "empty": (lambda f: write(f, "npy", np.zeros((0, 3, 3))), "no voxels"),
    "texts": (lambda f: write(f, "npy", np.full((2, 2, 2), "a")), "holds <U1; plain numbers"),
    "objects": (lambda f: write(f, "npy", np.full((2, 2, 2), None)), "holds object; plain numbers"),
    "complex": (lambda f: write(f, "npz", np.zeros((2, 2, 2), complex)), "holds complex128"),
    "two arrays": (two_arrays, "holds 2 arrays .*; exactly one"),
    "no npy": (lambda f: words(f, "a.npy"), "cannot be read as numpy's"),
    "no npz": (lambda f: words(f, "a.npz"), "cannot be read as numpy's: File is not a zip file"),
    "cut npz": (lambda f: cut(write(f, "npz", np.zeros((9, 9, 9)))), "cannot be read as numpy's"),
    "no file": (lambda f: f / "none.npy", "does not exist"),
    "no HDF5 file": (lambda f: f / "none.h5|volume|0", "does not exist"),
    "no HDF5": (lambda f: f / f"{words(f, 'b.h5').name}|volume|0", "cannot be read as HDF5"),
    "no parts": (lambda f: part(f, "|volume"), r"must read file\|dataset\|channel"),
    "no number": (lambda f: part(f, "|volume|x"), r"must read file\|dataset\|channel"),
    "no dataset": (lambda f: part(f, "|volume|0"), "no dataset 'volume'; there is 'group/volume'"),
    "a group": (lambda f: part(f, "|group|0"), "no dataset 'group'"),
    "no channel": (lambda f: part(f, "|group/volume|2"), "no channel 2; there are 2, from 0"),
    "before the first": (lambda f: part(f, "|group/volume|-1"), "no channel -1"),
    "no value": (lambda f: part(f, "|group/volume|0|x"), "the value 'x' is no number"),
    "HDF5 texts": (texts_in_hdf5, "plain numbers are allowed"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_volume_says_why(tmp_path, name):
    make, phrase = FAULTS[name]
    with pytest.raises(ImageError, match=phrase):
        read_image(make(tmp_path))


def test_an_hdf5_dataset_needs_four_dimensions(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["volume"] = np.zeros((2, 3, 4))
    with pytest.raises(ImageError, match=r"3 dimensions; 4 are allowed: \(channel, Z, Y, X\)"):
        read_geometry(tmp_path / "a.h5|volume|0")


def test_several_channels_are_a_matter_of_nifti(tmp_path):
    with pytest.raises(ImageError, match=r"\.nii\.gz and \.nii are allowed here"):
        read_channels(write(tmp_path, "npy", np.zeros((2, 3, 4))))
