"""Crops are centred where they should be, lie inside the image, and are filled up with care."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from innereye.data.crops import (
    ClassVoxels,
    crop_slices,
    draw_centre,
    draw_class,
    find_candidates,
    pad_sample,
    take_crop,
)
from innereye.data.sample import Sample
from innereye.errors import ConfigError, ImageError
from innereye.names import PaddingMode
from phantoms import GEOMETRY, SIZE, ball, box


def generator(*seed):
    return np.random.default_rng([*seed, 3])


LIVER, SPLEEN = ball((6, 10, 7), 6), box((0, 6, 16), (8, 12, 24))
LABELS = np.stack([LIVER, SPLEEN])
VALID = box((0, 0, 0), (12, 20, 18))


def sample(mask=None):
    image = generator(0).normal(size=(1, *SIZE)).astype(np.float32)
    return Sample("1", image, LABELS, mask, GEOMETRY)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 1), st.tuples(*[st.integers(1, 9)] * 3))
def test_the_voxels_of_a_class_are_numbered_in_order_however_they_are_kept(seed, share, size):
    chosen = np.random.default_rng(seed).random(size) < share
    voxels = ClassVoxels.from_map(chosen)
    assert voxels.count == chosen.sum()
    found = [voxels.voxel(rank) for rank in range(voxels.count)]
    assert np.array_equal(np.array(found).reshape(-1, 3), np.argwhere(chosen))


def test_background_of_a_large_volume_is_kept_in_a_bit_per_voxel():
    voxels = ClassVoxels.from_map(np.ones((8, 64, 64), bool))
    assert voxels.indices.nbytes + voxels.bits.nbytes == 8 * 64 * 64 / 8


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([None, [0.1, 0.6, 0.3], [0, 0, 1], [1, 0, 0]]))
def test_a_centre_is_a_valid_voxel_of_a_class_with_weight(seed, weights):
    centre = draw_centre(find_candidates(LABELS, VALID), weights, generator(seed))
    classes = [k for k, holds in enumerate([LIVER[centre], SPLEEN[centre]], start=1) if holds]
    assert VALID[centre] == 1
    assert any((weights or [1, 1, 1])[k] > 0 for k in classes or [0])


def test_classes_come_as_often_as_they_weigh_and_the_same_seed_gives_the_same():
    candidates = find_candidates(LABELS, None)
    centres = [draw_centre(candidates, [0.2, 0.3, 0.5], generator(1, i)) for i in range(2000)]
    counts = Counter(int(LIVER[centre] + 2 * SPLEEN[centre]) for centre in centres)
    assert [counts[k] / 2000 for k in range(3)] == pytest.approx([0.2, 0.3, 0.5], abs=0.04)
    assert centres[:9] == [
        draw_centre(candidates, [0.2, 0.3, 0.5], generator(1, i)) for i in range(9)
    ]


def test_each_voxel_of_a_class_is_as_likely():
    candidates = find_candidates(box((0, 0, 0), (1, 2, 2))[None], None)
    draws = (draw_centre(candidates, [0, 1], generator(2, i)) for i in range(2000))
    counts = Counter(draws)
    assert set(counts) == {(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)}
    assert all(400 < count < 600 for count in counts.values())


def test_a_structure_of_the_first_voxel_alone_is_found():
    candidates = find_candidates(box((0, 0, 0), (1, 1, 1))[None], None)
    assert draw_centre(candidates, [0, 1], generator(3)) == (0, 0, 0)


def test_an_absent_class_leaves_its_weight_to_the_others():
    drawn = {draw_class([5, 0, 3], [0.1, 0.9, 0.1], generator(4, i)) for i in range(200)}
    assert drawn == {0, 2}


@pytest.mark.parametrize("weights", [[0, 0, 0], [1, 1], [1, -1, 1], [np.nan, 1, 1]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ConfigError, match="3 in all"):
        draw_class([5, 4, 3], weights, generator(5))


def test_no_candidate_is_an_error():
    with pytest.raises(ImageError, match="No voxel lies inside the mask"):
        find_candidates(LABELS, np.zeros(SIZE, np.uint8))
    with pytest.raises(ImageError, match="No class with a weight"):
        draw_class([5, 0, 0], [0, 1, 1], generator(6))


@given(st.data(), st.tuples(*[st.integers(1, 30)] * 3))
def test_a_crop_lies_inside_and_holds_its_centre(data, shape):
    crop = [data.draw(st.integers(1, size)) for size in shape]
    centre = [data.draw(st.integers(0, size - 1)) for size in shape]
    for place, size, length, middle in zip(
        crop_slices(centre, crop, shape), shape, crop, centre, strict=True
    ):
        assert 0 <= place.start <= middle < place.stop <= size
        assert place.stop - place.start == length


@pytest.mark.parametrize("crop", [(13, 4, 4), (4, 4, 25), (0, 4, 4), (4, 4), (2, 2, 2, 2)])
def test_a_crop_that_does_not_fit_is_refused(crop):
    with pytest.raises(ConfigError, match="does not fit an image"):
        crop_slices((5, 5, 5), crop, SIZE)


def test_a_crop_of_everything_is_everything():
    whole = sample(VALID)
    crop = take_crop(whole, (3, 3, 3), SIZE)
    assert np.array_equal(crop.image, whole.image)
    assert np.array_equal(crop.labels, whole.labels)
    assert np.array_equal(crop.mask, whole.mask)


def test_image_labels_and_mask_are_cut_alike():
    crop = take_crop(sample(VALID), (3, 9, 17), (4, 6, 8))
    assert np.array_equal(crop.labels[1], SPLEEN[1:5, 6:12, 13:21])
    assert np.array_equal(crop.mask, VALID[1:5, 6:12, 13:21])
    assert crop.image.shape == (1, 4, 6, 8)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([mode for mode in PaddingMode if mode != PaddingMode.NO_PADDING]),
    st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30)),
)
def test_padding_fills_labels_and_mask_with_zero_and_keeps_the_inside(mode, crop):
    assume(any(length > size for length, size in zip(crop, SIZE, strict=True)))
    padded = pad_sample(sample(), crop, mode)
    shape = tuple(max(length, size) for length, size in zip(crop, SIZE, strict=True))
    assert padded.image.shape[1:] == padded.labels.shape[1:] == padded.mask.shape == shape
    assert padded.geometry.size_zyx == shape
    assert padded.labels.sum() == LABELS.sum()
    assert padded.mask.sum() == np.prod(SIZE)
    inside = tuple(
        slice((total - size + 1) // 2, (total - size + 1) // 2 + size)
        for total, size in zip(shape, SIZE, strict=True)
    )
    assert padded.mask[inside].all()
    assert np.array_equal(padded.image[(slice(None), *inside)], sample().image)


def test_edge_padding_repeats_the_image_and_moves_the_origin():
    padded = pad_sample(sample(VALID), (15, 20, 24), PaddingMode.EDGE)
    assert np.array_equal(padded.image[0, 0], sample().image[0, 0])
    assert padded.mask[2:14].sum() == VALID.sum()
    assert padded.geometry.origin_xyz_mm == (-7.5, 20.0, 94.0)


def test_a_sample_that_is_large_enough_is_left_as_it_is():
    whole = sample()
    assert pad_sample(whole, (12, 8, 24), PaddingMode.NO_PADDING) is whole


def test_no_padding_refuses_a_small_image():
    with pytest.raises(ImageError, match=r"size \(12, 20, 24\) is below the crop size"):
        pad_sample(sample(), (13, 8, 8), PaddingMode.NO_PADDING)


# What the original was seen to do: how often a crop of one voxel lies in each of five classes of
# which only the first, third and fifth occur.
@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        (None, [1 / 3, 0, 1 / 3, 0, 1 / 3]),
        ([0.1, 0.45, 0.45, 0, 0], [2 / 11, 0, 9 / 11, 0, 0]),
        ([1, 0, 0, 0, 0], [1, 0, 0, 0, 0]),
        ([0.04, 0.12, 0.2, 0.28, 0.36], [1 / 15, 0, 1 / 3, 0, 3 / 5]),
    ],
)
def test_shares_of_the_original(weights, shares):
    rng = generator(7)
    drawn = Counter(draw_class([170, 0, 171, 0, 171], weights, rng) for _ in range(2000))
    assert [drawn[k] / 2000 for k in range(5)] == pytest.approx(shares, abs=0.05)


@pytest.mark.parametrize(
    ("centre", "crop", "shape", "places"),
    [
        ((0, 0, 0), (5, 5, 5), (10, 10, 10), [(0, 5), (0, 5), (0, 5)]),
        ((5, 5, 5), (4, 4, 4), (10, 10, 10), [(3, 7), (3, 7), (3, 7)]),
        ((1, 8, 5), (10, 10, 10), (10, 12, 30), [(0, 10), (2, 12), (0, 10)]),
    ],
)
def test_places_of_the_original(centre, crop, shape, places):
    assert crop_slices(centre, crop, shape) == tuple(slice(*ends) for ends in places)
