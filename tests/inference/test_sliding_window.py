"""Does the result of a sliding window depend on nothing but network and image?"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from innereye.inference.grid import plan_grid
from innereye.inference.sliding_window import Window, posteriors
from innereye.names import PaddingMode

NUMBERS = {
    "patch": (8, 8, 8),
    "stride": (4, 5, 8),
    "size_multiple": (2, 2, 2),
    "batch_size": 3,
    "padding_mode": "edge",
}


def slide(network, image, mask=None, **numbers):
    """Return the posteriors of two classes; `numbers` replace those of NUMBERS."""
    window = Window(**NUMBERS | numbers)
    cpu = torch.device("cpu")
    return posteriors(network, image, mask=mask, window=window, num_classes=2, device=cpu)


class Identity(nn.Module):
    """Logits whose posterior of class 1 is the image's own first channel, put through a sigmoid."""

    def forward(self, patches):
        return torch.cat([torch.zeros_like(patches[:, :1]), patches[:, :1]], dim=1)


class Neighbours(nn.Module):
    """Logits that depend on a neighbourhood of `reach` voxels on each side, and nothing else."""

    def __init__(self, reach):
        super().__init__()
        generator = torch.Generator().manual_seed(3)
        self.reach = reach
        self.kernel = torch.randn(2, 1, *[2 * reach + 1] * 3, generator=generator)

    def forward(self, patches):
        return functional.conv3d(patches, self.kernel, padding=self.reach)


class Place(nn.Module):
    """Logits that tell which voxel of the patch a voxel is: shows which patch has decided it."""

    def forward(self, patches):
        count = patches[0, 0].numel()
        ramp = torch.linspace(-1, 1, count).reshape(patches.shape[2:])
        return torch.stack([torch.zeros_like(patches[:, 0]), patches[:, 0] + ramp], dim=1)


def image_of(size, seed=0, channels=1):
    return np.random.default_rng(seed).normal(size=(channels, *size)).astype(np.float32)


def sigmoid(values):
    return 1 / (1 + np.exp(-values.astype(np.float64)))


@settings(max_examples=40)
@given(
    size=st.tuples(*[st.integers(1, 13)] * 3),
    patch=st.tuples(*[st.sampled_from([2, 4, 6, 8])] * 3),
    shares=st.tuples(*[st.floats(0.01, 1)] * 3),
    batch_size=st.integers(1, 5),
    mode=st.sampled_from(list(PaddingMode)),
)
def test_a_network_that_returns_the_image_returns_it_whole(size, patch, shares, batch_size, mode):
    stride = tuple(max(1, int(width * share)) for width, share in zip(patch, shares, strict=True))
    image = image_of(size)
    numbers = {"patch": patch, "stride": stride, "batch_size": batch_size}
    result = slide(Identity(), image, padding_mode=mode, **numbers)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result[1], sigmoid(image[0]), atol=1e-6)
    np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-6)


@pytest.mark.parametrize("overlap", [4, 5, 7])
def test_no_seams_show_where_the_network_reaches_half_the_overlap(overlap):
    image, network = image_of((17, 12, 21)), Neighbours(2)
    wide = np.pad(image[0], 4, mode="edge")[None, None]
    whole = network(torch.from_numpy(wide)).softmax(dim=1)[0, :, 4:-4, 4:-4, 4:-4]
    result = slide(network, image, stride=(8 - overlap,) * 3)
    np.testing.assert_allclose(result, whole.numpy(), atol=1e-5)


def test_seams_show_where_the_network_reaches_further():
    image, network = image_of((17, 12, 21)), Neighbours(2)
    wide = np.pad(image[0], 4, mode="edge")[None, None]
    whole = network(torch.from_numpy(wide)).softmax(dim=1)[0, :, 4:-4, 4:-4, 4:-4].numpy()
    result = slide(network, image, stride=(8, 8, 8))
    assert np.abs(result - whole).max() > 0.1


def test_results_are_cropped_as_the_original_crops_them():
    image = image_of((13, 10, 12))
    result = slide(Place(), image, stride=(4, 6, 8))
    np.testing.assert_allclose(result[1], cropped_by_hand(image[0], Place()), atol=1e-6)


def cropped_by_hand(image, network):
    """Pad to the unit 2, then by half the overlap of patch (8,8,8), stride (4,6,8); crop."""
    legal = np.pad(image, [(1, 0), (0, 0), (0, 0)], mode="edge")
    margins = np.array([2, 1, 0])
    padded = np.pad(legal, [(m, m) for m in margins], mode="edge")
    output = np.zeros_like(padded)
    starts = [[0, 4, 8, 10], [0, 4], [0, 4]]
    for start in np.stack(np.meshgrid(*starts, indexing="ij"), axis=-1).reshape(-1, 3):
        window = tuple(slice(s, s + 8) for s in start)
        logits = network(torch.from_numpy(padded[window])[None, None])
        inner = tuple(slice(m, 8 - m) for m in margins)
        place = tuple(slice(s + m, s + 8 - m) for s, m in zip(start, margins, strict=True))
        output[place] = logits.softmax(dim=1)[0, 1].numpy()[inner]
    return output[3:-2, 1:-1, :]


def test_the_batch_size_does_not_matter():
    image, network = image_of((19, 11, 23), channels=1), Neighbours(3)
    one, many = (slide(network, image, batch_size=size) for size in (1, 64))
    np.testing.assert_allclose(one, many, atol=1e-6)


def test_batches_hold_no_more_than_the_batch_size():
    sizes = []

    class Counting(Identity):
        def forward(self, patches):
            sizes.append(len(patches))
            return super().forward(patches)

    image = image_of((19, 11, 23))
    slide(Counting(), image)
    grid = plan_grid((19, 11, 23), patch=(8, 8, 8), stride=(4, 5, 8), size_multiple=(2, 2, 2))
    assert max(sizes) == 3
    assert sum(sizes) == len(list(grid.patches()))


@pytest.mark.parametrize("seed", range(3))
def test_outside_the_mask_there_is_background(seed):
    image = image_of((14, 9, 10), seed)
    mask = (np.random.default_rng(seed).random((14, 9, 10)) > 0.5).astype(np.uint8)
    mask[8:] = 0
    result = slide(Identity(), image, mask)
    everywhere = slide(Identity(), image)
    assert (result[0][mask == 0] == 1).all()
    assert (result[1][mask == 0] == 0).all()
    np.testing.assert_array_equal(result[:, mask == 1], everywhere[:, mask == 1])


def test_an_empty_mask_costs_no_forward_pass():
    class Never(nn.Module):
        def forward(self, patches):
            raise AssertionError

    result = slide(Never(), image_of((9, 9, 9)), np.zeros((9, 9, 9), np.uint8))
    assert (result[0] == 1).all()


def test_the_image_is_filled_up_in_the_padding_mode():
    seen = []

    class Watching(Identity):
        def forward(self, patches):
            seen.append(patches.numpy().copy())
            return super().forward(patches)

    image = np.full((1, 5, 5, 5), 7, dtype=np.float32)
    numbers = {"patch": (4, 4, 4), "stride": (2, 2, 2)}
    slide(Watching(), image, **numbers)
    assert all((patches == 7).all() for patches in seen)
    seen.clear()
    slide(Watching(), image, padding_mode="constant", **numbers)
    assert any((patches == 0).any() for patches in seen)


def test_half_precision_logits_are_normalised_in_single_precision():
    class Half(Identity):
        def forward(self, patches):
            return super().forward(patches).half()

    result = slide(Half(), image_of((9, 9, 9)))
    np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-6)
