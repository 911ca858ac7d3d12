"""The same voxels come out of a file of every kind; what is none is refused in one sentence."""

import numpy as np
import pytest

from innereye.errors import ImageError
from innereye.io.scalar_image import read_scalar_image
from scalar_images import KINDS, VOLUME


@pytest.mark.parametrize("kind", KINDS)
def test_the_voxels_come_back(kind, tmp_path):
    write, expected = KINDS[kind]
    voxels = read_scalar_image(write(tmp_path))
    assert voxels.shape == expected.shape
    np.testing.assert_array_equal(voxels, expected)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "part of hdf5"])
def test_a_truncated_file_is_named(kind, tmp_path):
    path = KINDS[kind][0](tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(ImageError, match=path.name):
        read_scalar_image(path)


@pytest.mark.parametrize("name", ["a.png", "a.npy", "a.nii.gz", "a.h5", "a.dcm", "a"])
def test_a_missing_file_is_named(name, tmp_path):
    with pytest.raises(ImageError, match=f"{name} does not exist"):
        read_scalar_image(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.npy", "a.nii.gz", "a.h5", "a.dcm", "a.jpg", "a.npz"])
def test_a_file_of_words_is_named(name, tmp_path):
    (tmp_path / name).write_bytes(b"words " * 100)
    with pytest.raises(ImageError, match=name):
        read_scalar_image(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.mha", "words"])
def test_a_file_of_another_kind_is_told_what_is_allowed(name, tmp_path):
    (tmp_path / name).write_text("words " * 100)
    with pytest.raises(ImageError, match=r"no known kind; .*\.png.*\.dcm.* are allowed"):
        read_scalar_image(tmp_path / name)


@pytest.mark.parametrize("shape", [(5,), (2, 4, 6, 5), (1, 1, 4, 6, 5)])
def test_arrays_of_other_dimensions_are_refused(shape, tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(shape))
    with pytest.raises(ImageError, match=r"2, 3 or 4 are allowed"):
        read_scalar_image(tmp_path / "a.npy")


def test_texts_are_no_image(tmp_path):
    np.save(tmp_path / "a.npy", VOLUME.astype(str))
    with pytest.raises(ImageError, match="plain numbers are allowed"):
        read_scalar_image(tmp_path / "a.npy")
