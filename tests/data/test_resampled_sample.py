"""A sample at another spacing: what is resampled how, before what, and what is remembered."""

import numpy as np
import pytest

from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.normalisation import Normalisation, normalise
from innereye.data.resampling import (
    resample_image,
    resample_mask,
    resample_structure,
    resampled_geometry,
)
from innereye.data.sample import load_sample
from innereye.errors import ImageError
from phantoms import CHANNELS, GEOMETRY, MASK, SPACING, STRUCTURES, volumes, write_dataset

CT = Normalisation(window=200, level=50)
ISO = (1.5, 1.5, 1.5)


@pytest.fixture
def subject(tmp_path):
    write_dataset(tmp_path, subjects=("1",))
    (found,) = read_subjects(
        read_dataset(tmp_path / "dataset.csv"),
        root=tmp_path,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
    )
    return found


def test_all_arrays_lie_on_the_new_grid_and_the_old_one_is_known(subject):
    sample = load_sample(subject, CT, with_labels=True, resample_spacing_zyx_mm=ISO)
    written, grid = volumes(0), resampled_geometry(GEOMETRY, ISO)
    assert sample.geometry == grid
    image = resample_image(written["ct"], GEOMETRY, grid)
    mask = resample_mask(written[MASK], GEOMETRY, grid)
    assert np.array_equal(sample.image, normalise(image[None], CT, mask))
    labels = [resample_structure(written[name], GEOMETRY, grid) for name in STRUCTURES]
    assert np.array_equal(sample.labels, np.stack(labels))
    assert np.array_equal(sample.mask, mask)
    assert sample.own_geometry.differences(GEOMETRY) == []
    assert np.array_equal(sample.own.mask, written[MASK])


def test_at_its_own_spacing_a_sample_is_the_same_bit_for_bit(subject):
    as_it_is = load_sample(subject, CT, with_labels=True)
    sample = load_sample(subject, CT, with_labels=True, resample_spacing_zyx_mm=SPACING)
    assert sample.own is None
    assert sample.own_geometry is sample.geometry
    for name in ("image", "labels", "mask"):
        assert getattr(sample, name).tobytes() == getattr(as_it_is, name).tobytes()


def test_another_spacing_than_the_expected_one_is_refused(subject):
    load_sample(subject, CT, with_labels=False, dataset_expected_spacing_xyz=SPACING[::-1])
    with pytest.raises(ImageError, match=r"Subject 1: the spacing \(x, y, z\) is 1 x 1 x 3 mm"):
        load_sample(subject, CT, with_labels=False, dataset_expected_spacing_xyz=SPACING)
