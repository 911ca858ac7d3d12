"""Blocks and sizes of the encoders: InnerEye's numbers, and the way back from one place."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.scalar_architectures.encoder import Block, EncoderShape, encoder_shape, per_block
from innereye.scalar_architectures.shape import ScalarShape

IMAGE_ENCODER = ScalarShape(architecture="ImageEncoderWithMlp")
small = st.integers(1, 4)
blocks_drawn = st.lists(
    st.builds(
        Block, st.just(2), st.tuples(small, small, small), st.tuples(small, small, small), small
    ),
    min_size=1,
    max_size=4,
)


def test_channels_grow_by_the_same_number_and_blocks_are_one_fewer():
    blocks = encoder_shape(IMAGE_ENCODER).blocks

    assert [each.channels for each in blocks] == [32, 64, 96, 128]
    assert {each.convolutions for each in blocks} == {2}


def test_below_91_pixels_in_plane_nothing_is_left():
    assert encoder_shape(IMAGE_ENCODER).smallest_size() == (1, 91, 91)
    assert encoder_shape(IMAGE_ENCODER).output_size((2, 91, 123)) == (2, 1, 3)
    assert encoder_shape(replace(IMAGE_ENCODER, zero_padding=True)).smallest_size() == (1, 1, 1)


def test_features_add_a_reducing_layer():
    shape = encoder_shape(replace(IMAGE_ENCODER, num_features=1))

    assert shape.blocks[-1] == Block(102, (1, 3, 3), (1, 2, 2), convolutions=1)
    assert shape.smallest_size() == (1, 123, 123)


@given(blocks=blocks_drawn)
def test_the_smallest_size_leaves_one_place_and_one_less_leaves_none(blocks):
    shape = EncoderShape(tuple(blocks), is_padded=False)
    smallest = shape.smallest_size()

    assert shape.output_size(smallest) == (1, 1, 1)
    assert shape.output_size([length - 1 for length in smallest]) <= (0, 0, 0)


@pytest.mark.parametrize(
    ("size", "strides"),
    [
        (None, [(2, 2, 2), (1, 1, 1), (2, 2, 2), (2, 2, 2), (2, 2, 2)]),
        ((40, 56, 40), [(2, 2, 2), (1, 1, 1), (2, 2, 2), (2, 2, 2), (1, 1, 1)]),
        ((1, 8, 30), [(1, 2, 2), (1, 1, 1), (1, 1, 2), (1, 1, 2), (1, 1, 1)]),
    ],
)
def test_the_recommended_encoder_halves_what_is_long_enough(size, strides):
    blocks = encoder_shape(ScalarShape(image_size=size)).blocks

    assert [each.stride for each in blocks] == strides
    assert [each.channels for each in blocks] == [16, 16, 32, 64, 128]


@pytest.mark.parametrize("size", list(itertools.product((1, 7, 8, 33), repeat=3)))
def test_an_axis_that_is_halved_keeps_four_places(size):
    left = encoder_shape(ScalarShape(image_size=size, num_encoder_blocks=9)).output_size(size)

    assert all(few >= min(before, 4) for few, before in zip(left, size, strict=True))


def test_one_size_is_that_of_every_block():
    assert per_block((1, 3, 3), 2) == [(1, 3, 3), (1, 3, 3)]
    assert per_block([(1, 3, 3), (3, 3, 3)], 2) == [(1, 3, 3), (3, 3, 3)]
