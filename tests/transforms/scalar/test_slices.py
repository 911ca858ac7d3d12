"""Into slices and back: pictures, arrays, tensors of two and three dimensions."""

import numpy as np
import pytest
import torch
from PIL import Image

from innereye.errors import ConfigError
from innereye.transforms.scalar.slices import from_slices, to_slices, to_tensor


@pytest.mark.parametrize("shape", [(2, 4, 5), (1, 4, 5), (2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5)])
def test_the_way_back_gives_the_image_again(shape):
    image = torch.rand(shape)

    slices = to_slices(image)

    assert torch.equal(from_slices(slices, rank=image.ndim), image)
    assert slices.shape == ((1, *shape) if len(shape) == 3 else (shape[1], shape[0], *shape[2:]))


def test_a_slice_holds_all_channels_of_one_depth():
    image = torch.rand(2, 3, 4, 5)

    slices = to_slices(image)

    assert all(torch.equal(slices[z, c], image[c, z]) for z in range(3) for c in range(2))


@pytest.mark.parametrize("shape", [(4, 5), (1, 2, 3, 4, 5), ()])
def test_another_number_of_axes_is_refused(shape):
    with pytest.raises(ConfigError, match=r"needs an image .*got the shape"):
        to_slices(torch.zeros(shape))


def test_a_flat_image_cannot_become_several_slices():
    with pytest.raises(ConfigError, match="made 2 slices of a 2D image"):
        from_slices(torch.zeros(2, 1, 4, 5), rank=3)


def test_bytes_of_pictures_become_shares_channels_first():
    values = np.random.default_rng(1).integers(0, 256, (4, 6, 3), dtype=np.uint8)

    grey, colours = to_tensor(Image.fromarray(values[..., 0])), to_tensor(Image.fromarray(values))

    assert torch.equal(colours, torch.from_numpy(values).movedim(-1, 0) / 255)
    assert torch.equal(grey, colours[:1])
    assert colours.dtype is torch.float32 and colours.is_contiguous()


def test_pictures_of_more_than_a_byte_keep_their_values():
    values = np.array([[0, 300], [70, 40000]])

    for kind in (np.uint16, np.int32, np.float32):
        picture = Image.fromarray(values.astype(kind))
        assert to_tensor(picture).tolist() == [values.tolist()]


def test_palettes_are_looked_up_and_bits_are_zero_or_one():
    colours = Image.fromarray(np.array([[[255, 0, 0], [0, 0, 255]]], dtype=np.uint8))
    bits = Image.fromarray(np.array([[True, False]]))

    assert torch.equal(
        to_tensor(colours.convert("P", palette=Image.Palette.ADAPTIVE)), to_tensor(colours)
    )
    assert to_tensor(bits).tolist() == [[[1.0, 0.0]]]


@pytest.mark.parametrize("given", [torch.zeros(1, 2, 3), np.zeros((1, 2, 3), np.float32)])
def test_what_is_given_is_copied(given):
    tensor = to_tensor(given)
    tensor += 1

    assert float(np.asarray(given).max()) == 0.0


def test_arrays_that_may_not_be_written_are_welcome():
    array = np.zeros((1, 2, 3), np.float32)
    array.setflags(write=False)

    assert to_tensor(array).shape == (1, 2, 3)


def test_anything_else_is_refused():
    with pytest.raises(ConfigError, match="got a list; allowed are a PIL image"):
        to_tensor([[1.0]])
