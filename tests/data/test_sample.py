"""A sample holds what the files hold, checked and normalised."""

import numpy as np
import pytest

from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.normalisation import Normalisation, normalise
from innereye.data.sample import load_sample
from innereye.errors import ImageError
from phantoms import CHANNELS, GEOMETRY, MASK, STRUCTURES, rewrite, volumes, write_dataset

CT = Normalisation(window=200, level=50)


@pytest.fixture
def folder(tmp_path):
    write_dataset(tmp_path, subjects=("1",))
    return tmp_path


def subject(folder, mask_id=MASK):
    (found,) = read_subjects(
        read_dataset(folder / "dataset.csv"),
        root=folder,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=mask_id,
    )
    return found


def test_a_sample_is_what_was_written(folder):
    sample = load_sample(subject(folder), CT, with_labels=True)
    written = volumes(0)
    assert sample.geometry.differences(GEOMETRY) == []
    assert np.array_equal(sample.image, normalise(written["ct"][None], CT))
    assert np.array_equal(sample.labels, np.stack([written[name] for name in STRUCTURES]))
    assert np.array_equal(sample.mask, written[MASK])
    kinds = [array.dtype for array in (sample.image, sample.labels, sample.mask)]
    assert kinds == [np.float32, np.uint8, np.uint8]


def test_without_mask_and_labels_there_are_none(folder):
    sample = load_sample(subject(folder, mask_id=None), CT, with_labels=False)
    assert sample.mask is None
    assert sample.labels is None


@pytest.mark.parametrize(
    ("name", "change", "phrase"),
    [
        ("liver", lambda a: a * 2, "'liver': .* is not binary"),
        ("spleen", lambda a: a[1:], r"'spleen': size \(11, 20, 24\) against \(12, 20, 24\)"),
        ("ct", lambda a: a * np.float32(np.nan), "Subject 1: 5760 voxels are not finite"),
    ],
)
def test_files_that_do_not_fit_are_refused(folder, name, change, phrase):
    rewrite(folder / "001" / f"{name}.nii.gz", change)
    with pytest.raises(ImageError, match=phrase):
        load_sample(subject(folder), CT, with_labels=True)
