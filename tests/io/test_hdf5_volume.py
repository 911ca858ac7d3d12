"""A file of the scalar models has a volume and a segmentation, and all that the original asks for."""

import numpy as np
import pytest

from innereye.errors import ImageError
from innereye.io.hdf5_volume import SEGMENTATION, is_volume_file, read_hdf5_volume
from scalar_images import VOLUME, write_hdf5


def test_volume_and_segmentation_are_read(tmp_path):
    path = write_hdf5(tmp_path / "a.h5", VOLUME)
    np.testing.assert_array_equal(read_hdf5_volume(path), VOLUME)
    np.testing.assert_array_equal(read_hdf5_volume(path, SEGMENTATION), 4 * (VOLUME > 500))


FAULTS = {
    "no volume": ({"volume": None}, "lacks the dataset volume; it needs id, acquisition_date"),
    "no id": ({"id": None}, "lacks the dataset id"),
    "date": (
        {"acquisition_date": "17.11.2012"},
        "has the acquisition_date '17.11.2012'; it reads like",
    ),
    "shape": ({"volume": VOLUME}, r"volume has the shape \(4, 6, 5\); \(Z, 1, Y, X\) is allowed"),
    "channels": ({"volume": np.zeros((4, 2, 6, 5))}, r"volume has the shape \(4, 2, 6, 5\)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_sentence(name, tmp_path):
    datasets, sentence = FAULTS[name]
    path = write_hdf5(tmp_path / "a.h5", VOLUME, **datasets)
    with pytest.raises(ImageError, match=rf"a\.h5:? {sentence}"):
        read_hdf5_volume(path)


@pytest.mark.parametrize("date", ["2012-11-17T10:45:12", [b"2012-11-17T10:45:12"]])
def test_a_date_may_be_stored_in_several_ways(date, tmp_path):
    path = write_hdf5(tmp_path / "a.h5", VOLUME, acquisition_date=date)
    assert read_hdf5_volume(path).shape == VOLUME.shape


def test_names_tell_whole_files_from_parts(tmp_path):
    assert all(is_volume_file(tmp_path / name) for name in ("a.h5", "a.H5.GZ", "a.hdf5"))
    assert not any(is_volume_file(tmp_path / name) for name in ("a.h5|x|0", "a.gz", "a.npy"))
