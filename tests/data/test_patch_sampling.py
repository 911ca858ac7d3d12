"""Counting the crops in which a voxel lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.patch_sampling import count_crops
from innereye.data.sample import Sample
from phantoms import GEOMETRY, SIZE, ball, box

STRUCTURE = box((0, 6, 16), (4, 12, 24))
LABELS = np.stack([ball((6, 10, 7), 6), STRUCTURE])


def counts(crop_size, class_weights=None, mask=None, seed=0, num_crops=30, labels=LABELS):
    sample = Sample("1", np.zeros((1, *SIZE), np.float32), labels, mask, GEOMETRY)
    return count_crops(
        sample,
        crop_size=crop_size,
        class_weights=class_weights,
        num_crops=num_crops,
        generator=np.random.default_rng([seed]),
    )


@settings(deadline=None, max_examples=20)
@given(st.tuples(*[st.integers(1, size) for size in SIZE]), st.integers(1, 40), st.integers(0, 99))
def test_every_crop_is_counted_with_all_its_voxels(crop_size, num_crops, seed):
    found = counts(crop_size, num_crops=num_crops, seed=seed)

    assert found.dtype == np.uint16
    assert found.sum() == num_crops * np.prod(crop_size)
    assert found.max() <= num_crops


def test_crops_of_one_voxel_lie_in_the_class_that_alone_has_weight():
    found = counts((1, 1, 1), [0, 0, 1], num_crops=200)

    assert found[STRUCTURE == 0].sum() == 0
    assert (found > 0).sum() > 80


def test_crops_are_centred_where_the_mask_is_valid():
    mask = box((0, 0, 0), (3, 20, 24))

    assert counts((1, 1, 1), mask=mask)[3:].sum() == 0


def test_a_crop_of_everything_covers_everything():
    assert (counts(SIZE) == 30).all()


def test_the_generator_decides():
    assert np.array_equal(counts((4, 6, 8), seed=1), counts((4, 6, 8), seed=1))
    assert not np.array_equal(counts((4, 6, 8), seed=1), counts((4, 6, 8), seed=2))


def test_labels_are_needed():
    with pytest.raises(ValueError, match="without labels"):
        counts((1, 1, 1), labels=None)
