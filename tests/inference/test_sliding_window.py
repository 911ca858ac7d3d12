"""Does the result of a sliding window depend on nothing but network and image?"""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from innereye.architectures import NetworkSizes
from innereye.inference.grid import plan_grid
from innereye.inference.scratch import Scratch
from innereye.inference.sliding_window import Window, parts_of
from innereye.names import Axis, InferenceBlending, PaddingMode

CROP, GAUSSIAN = InferenceBlending.CROP, InferenceBlending.GAUSSIAN
NUMBERS = {
    "patch": (8, 8, 8),
    "stride": (4, 5, 8),
    "sizes": NetworkSizes(multiple=(2, 2, 2)),
    "batch_size": 3,
    "padding_mode": "edge",
}


def slide(network, image, mask=None, **numbers):
    """Return the posteriors of two classes; `numbers` replace those of NUMBERS."""
    window = Window(**NUMBERS | numbers)
    parts = parts_of(
        network,
        image,
        mask=mask,
        window=window,
        num_classes=2,
        device=torch.device("cpu"),
        scratch=Scratch(Path()),
    )
    result = np.full((2, *image.shape[1:]), np.nan, np.float32)
    for part in parts:
        assert np.isnan(result[:, *part.target]).all()  # each voxel comes once
        result[:, *part.target] = part.posteriors
    return result


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


@settings(max_examples=30)
@given(
    size=st.tuples(*[st.integers(1, 11)] * 3),
    patch=st.tuples(*[st.sampled_from([2, 4, 6, 8])] * 3),
    shares=st.tuples(*[st.floats(0.3, 1)] * 3),
    batch_size=st.integers(1, 5),
    mode=st.sampled_from(list(PaddingMode)),
    blending=st.sampled_from(InferenceBlending),
    axes=st.lists(st.sampled_from(Axis), unique=True).map(tuple),
)
def test_a_network_that_returns_the_image_returns_it_whole(
    size, patch, shares, batch_size, mode, blending, axes
):
    stride = tuple(max(1, int(width * share)) for width, share in zip(patch, shares, strict=True))
    image = image_of(size)
    numbers = {"patch": patch, "stride": stride, "batch_size": batch_size}
    ways = {"padding_mode": mode, "blending": blending, "mirror_axes": axes}
    result = slide(Identity(), image, **numbers, **ways)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result[1], sigmoid(image[0]), atol=1e-6)
    np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-6)


@pytest.fixture(autouse=True)
def _one_thread():
    """Patches are tiny here: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("overlap", [4, 5, 6])
def test_no_seams_show_where_the_network_reaches_half_the_overlap(overlap):
    image, network = image_of((17, 12, 13)), Neighbours(2)
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
    grid = plan_grid((19, 11, 23), patch=(8, 8, 8), stride=(4, 5, 8), sizes=NUMBERS["sizes"])
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


def test_blending_is_the_mean_of_the_patches_by_gaussian_weights():
    image = image_of((11, 8, 8))
    result = slide(Place(), image, patch=(8, 8, 8), stride=(2, 8, 8), blending=GAUSSIAN)
    total, norm = np.zeros((12, 8, 8)), np.zeros((12, 1, 1))
    padded = np.pad(image[0], [(1, 0), (0, 0), (0, 0)], mode="edge")  # to the unit 2
    weights = np.exp(-(((np.arange(8) - 3.5) / 1.0) ** 2) / 2)[:, None, None]
    for start in (0, 2, 4):
        logits = Place()(torch.from_numpy(padded[start : start + 8])[None, None])
        total[start : start + 8] += weights * logits.softmax(dim=1)[0, 1].numpy()
        norm[start : start + 8] += weights
    np.testing.assert_allclose(result[1], (total / norm)[1:], atol=1e-6)


def test_blended_patches_see_no_more_padding_than_they_must():
    seen = []

    class Watching(Identity):
        def forward(self, patches):
            seen.extend(patches.numpy().copy())
            return super().forward(patches)

    image = image_of((12, 8, 16))
    slide(Watching(), image, stride=(3, 4, 5), blending=GAUSSIAN, padding_mode="constant")
    assert not any((patch == 0).any() for patch in seen)


@pytest.mark.parametrize("seed", range(3))
def test_blending_knows_the_mask(seed):
    image = image_of((14, 9, 10), seed)
    mask = (np.random.default_rng(seed).random((14, 9, 10)) > 0.5).astype(np.uint8)
    mask[4:9] = mask[12:] = 0
    result = slide(Identity(), image, mask, patch=(2, 4, 4), stride=(1, 2, 3), blending=GAUSSIAN)
    assert (result[0][mask == 0] == 1).all()
    np.testing.assert_allclose(result[1][mask == 1], sigmoid(image[0])[mask == 1], atol=1e-6)


@pytest.mark.parametrize("blending", InferenceBlending)
def test_an_output_smaller_than_the_patch_is_put_in_place(blending):
    class Inner(Identity):
        def forward(self, patches):
            return super().forward(patches[..., 2:-2, 2:-2, 1:-1])

    sizes = NetworkSizes(minimum=(5, 5, 3), shrinkage=(4, 4, 2))
    for size in ((3, 9, 14), (8, 8, 8), (1, 1, 1)):
        for stride in ((4, 4, 6), (3, 1, 5)):
            image = image_of(size)
            result = slide(Inner(), image, sizes=sizes, stride=stride, blending=blending)
            np.testing.assert_allclose(result[1], sigmoid(image[0]), atol=1e-6)


def test_mirroring_is_the_mean_over_all_ways_to_look_at_a_patch():
    image = image_of((8, 8, 8))
    result = slide(Place(), image, stride=(8, 8, 8), mirror_axes=(Axis.Z, Axis.X))
    ways = [(), (0,), (2,), (0, 2)]
    alone = [
        np.flip(slide(Place(), np.flip(image[0], way)[None].copy(), stride=(8, 8, 8))[1], way)
        for way in ways
    ]
    np.testing.assert_allclose(result[1], np.mean(alone, axis=0), atol=1e-6)


def test_a_mirrored_network_gives_mirrored_results():
    image, axes = image_of((8, 8, 8)), (Axis.Z, Axis.Y, Axis.X)
    numbers = {"stride": (8, 8, 8), "mirror_axes": axes}
    forth = slide(Neighbours(2), image, **numbers)
    back = slide(Neighbours(2), np.flip(image, 3).copy(), **numbers)
    np.testing.assert_allclose(forth, np.flip(back, 3), atol=1e-6)


def test_results_in_files_equal_those_in_memory(tmp_path):
    image = image_of((14, 9, 10))
    window = Window(**NUMBERS | {"blending": GAUSSIAN, "stride": (3, 4, 5)})
    results = []
    for limit in (0, 2**20):
        parts = parts_of(
            Neighbours(2),
            image,
            mask=None,
            window=window,
            num_classes=2,
            device=torch.device("cpu"),
            scratch=Scratch(tmp_path, limit),
        )
        results.append([(part.target, part.posteriors.copy()) for part in parts])
    for (place, inside), (same, outside) in zip(*results, strict=True):
        assert place == same
        np.testing.assert_array_equal(inside, outside)
    assert not any(tmp_path.iterdir())
