"""Chains of transforms: what they are given, what they may return, which draws they share."""

import numpy as np
import pytest
import torch
from PIL import Image

from innereye.errors import ConfigError
from innereye.transforms.scalar.pipeline import ImageTransformationPipeline


def random_shift(slices):
    """Add one draw of torch's global generator: a transform that may be anyone's."""
    return slices + torch.rand(1)


class Watching:
    """Remembers the shapes it was given."""

    def __init__(self):
        self.shapes = []

    def __call__(self, slices):
        self.shapes.append(tuple(slices.shape))
        return slices


@pytest.mark.parametrize("different", [False, True])
@pytest.mark.parametrize("shape", [(1, 4, 5), (3, 4, 5), (1, 2, 4, 5), (3, 2, 4, 5)])
def test_without_a_change_the_image_comes_back(shape, different):
    image = torch.rand(shape)

    assert torch.equal(ImageTransformationPipeline([], different)(image), image)


def test_transforms_see_slices_channels_height_width():
    together, apart = Watching(), Watching()
    image = torch.rand(2, 3, 4, 5)

    ImageTransformationPipeline([together])(image)
    ImageTransformationPipeline([apart], use_different_transformation_per_channel=True)(image)
    ImageTransformationPipeline(together)(image[:, 0])

    assert together.shapes == [(3, 2, 4, 5), (1, 2, 4, 5)]
    assert apart.shapes == [(3, 1, 4, 5)] * 2


def test_transforms_run_in_their_order():
    double, add = (lambda x: x * 2), (lambda x: x + 1)

    assert ImageTransformationPipeline([double, add])(torch.ones(1, 1, 1)).item() == 3
    assert ImageTransformationPipeline([add, double])(torch.ones(1, 1, 1)).item() == 4
    assert ImageTransformationPipeline(add)(torch.ones(1, 1, 1)).item() == 2


def test_one_draw_holds_for_all_slices_and_channels():
    changed = ImageTransformationPipeline([random_shift])(torch.zeros(3, 4, 5, 6))

    assert len(changed.unique()) == 1


def test_each_channel_has_a_draw_of_its_own_and_its_slices_share_it():
    pipeline = ImageTransformationPipeline([random_shift], True)

    changed = pipeline(torch.zeros(3, 4, 5, 6))

    assert [len(channel.unique()) for channel in changed] == [1, 1, 1]
    assert len(changed.unique()) == 3


@pytest.mark.parametrize("different", [False, True])
def test_the_seed_decides_and_the_global_generator_stands(different):
    pipeline = ImageTransformationPipeline([random_shift], different)
    image = np.zeros((2, 3, 4, 5), np.float32)
    before = torch.get_rng_state()

    changed = [pipeline(image, seed=seed) for seed in (7, 8, 7)]

    assert torch.equal(changed[0], changed[2]) and not torch.equal(changed[0], changed[1])
    assert torch.equal(torch.get_rng_state(), before)


def test_without_a_seed_the_global_generator_is_drawn_from():
    pipeline = ImageTransformationPipeline([random_shift])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        changed = pipeline(torch.zeros(1, 1, 1))
        torch.manual_seed(5)
        assert changed.item() == torch.rand(1).item()


@pytest.mark.parametrize("shape", [(1, 4, 5), (2, 1, 4, 5), (1, 2, 4, 5)])
def test_a_transform_that_overwrites_does_not_reach_what_was_given(shape):
    image = torch.zeros(shape)

    changed = ImageTransformationPipeline(lambda slices: slices.add_(1))(image)

    assert changed.min() == 1 and image.max() == 0


def test_pictures_and_arrays_become_tensors():
    picture = Image.fromarray(np.full((4, 5), 51, np.uint8))
    pipeline = ImageTransformationPipeline([lambda slices: slices * 2])

    torch.testing.assert_close(pipeline(picture), torch.full((1, 4, 5), 0.4))
    assert pipeline(np.ones((1, 2, 3, 4), np.float32)).dtype is torch.float32


def test_what_cannot_be_called_is_named_at_once():
    with pytest.raises(ConfigError) as caught:
        ImageTransformationPipeline(["Resize", abs, torch.nn.Identity])

    message = str(caught.value)
    assert "transforms[0]: needs a transform" in message
    assert "transforms[2]: Identity is a class; make one of it: Identity(...)." in message


@pytest.mark.parametrize(
    ("transform", "came"),
    [
        (lambda slices: slices[0], r"shape \(2, 4, 5\)"),
        (lambda slices: slices.numpy(), "numpy.ndarray"),
        (lambda slices: slices[:, :, :0], r"shape \(3, 2, 0, 5\)"),
    ],
)
def test_a_result_that_is_no_stack_of_slices_is_told(transform, came):
    with pytest.raises(ConfigError, match=f"<lambda>, the last .* returned .*{came}"):
        ImageTransformationPipeline([transform])(torch.zeros(2, 3, 4, 5))


def test_channels_of_different_sizes_cannot_be_joined():
    widths = iter([3, 4])
    pipeline = ImageTransformationPipeline(lambda slices: slices[..., : next(widths)], True)

    with pytest.raises(ConfigError, match=r"different sizes .*: \(1, 4, 3\), \(1, 4, 4\)"):
        pipeline(torch.zeros(2, 4, 5))


def test_an_error_inside_a_transform_says_what_it_was_given():
    def breaks(slices):
        raise TypeError("no")

    with pytest.raises(TypeError, match="no") as caught:
        ImageTransformationPipeline([random_shift, breaks])(torch.zeros(1, 3, 4, 5))

    assert caught.value.__notes__ == ["breaks was given [Z, C, H, W] = [3, 1, 4, 5]."]
