"""Real transforms of torchvision in our pipeline, the example of InnerEye's manual first."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from innereye.names import Split
from innereye.transforms.scalar.execution_modes import ModelTransformsPerExecutionMode
from innereye.transforms.scalar.image_transforms import RandomGamma
from innereye.transforms.scalar.item_transform import item_transform
from innereye.transforms.scalar.pipeline import ImageTransformationPipeline
from innereye.transforms.scalar.random_scope import random_scope
from innereye.transforms.scalar.slices import to_tensor
from real_torchvision import torchvision_module

# Verbatim from the manual, but for its indentation.
EXAMPLE = '''
def get_image_transform(self) -> ModelTransformsPerExecutionMode:
    """
    Get transforms to perform on image samples for each model execution mode.
    """
    return ModelTransformsPerExecutionMode(
        train=ImageTransformationPipeline(transforms=[Resize(256), RandomAffine(degrees=10), ColorJitter(brightness=0.2)]),
        val=ImageTransformationPipeline(transforms=[Resize(256)]),
        test=ImageTransformationPipeline(transforms=[Resize(256)]))
'''  # noqa: E501


@pytest.fixture
def tv():
    """Return torchvision.transforms."""
    return torchvision_module("transforms")


@pytest.fixture
def example(tv):
    """Return the changes of one split, as the hook of the manual has them."""
    names = {name: getattr(tv, name) for name in ("Resize", "RandomAffine", "ColorJitter")}
    names |= {
        each.__name__: each
        for each in (ModelTransformsPerExecutionMode, ImageTransformationPipeline)
    }
    exec(EXAMPLE, names)
    modes = names["get_image_transform"](None)
    return lambda split: item_transform(
        model="Example", image_hook=modes, segmentation_hook=None, split=split
    )


def image(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).random(shape, dtype=np.float32)


@pytest.mark.parametrize("shape", [(1, 1, 40, 60), (3, 1, 40, 60), (1, 5, 40, 60), (3, 2, 60, 40)])
def test_the_example_of_the_manual_resizes_each_split(example, shape):
    longer = 256 * 60 // 40
    height, width = (256, longer) if shape[2] == 40 else (longer, 256)

    for split in Split:
        changed, _ = example(split)(image(*shape), seed=1)
        assert changed.shape == (*shape[:2], height, width) and changed.dtype is torch.float32


def test_the_example_of_the_manual_changes_training_images_only(example, tv):
    given = image(1, 1, 40, 60)
    resized = tv.Resize(256)(torch.from_numpy(given))

    train = [example(Split.TRAIN)(given, seed=seed)[0] for seed in (1, 2)]

    assert torch.equal(example(Split.VAL)(given, seed=1)[0], resized)
    assert torch.equal(example(Split.TEST)(given, seed=2)[0], resized)
    assert not torch.equal(train[0], resized) and not torch.equal(train[0], train[1])


def test_the_pipeline_gives_what_torchvision_gives(tv):
    chain = [tv.Resize(24), tv.RandomAffine(degrees=10), tv.ColorJitter(brightness=0.2)]
    given = image(1, 3, 16, 16)

    changed = ImageTransformationPipeline(chain)(given, seed=9)

    with random_scope(9):
        expected = tv.Compose(chain)(torch.from_numpy(given).transpose(0, 1))
    assert torch.equal(changed, expected.transpose(0, 1))
    assert torch.equal(ImageTransformationPipeline(tv.Compose(chain))(given, seed=9), changed)


def test_all_slices_and_channels_have_the_same_draw(tv):
    pipeline = ImageTransformationPipeline([tv.RandomAffine(30, translate=(0.2, 0.2))])
    same = np.broadcast_to(image(1, 1, 20, 20), (2, 4, 20, 20))

    changed = pipeline(same, seed=1)

    assert torch.equal(changed, changed[:1, :1].expand(2, 4, 20, 20))
    assert not torch.equal(changed, torch.tensor(same))


def test_each_channel_has_its_own_draw(tv):
    chain = [tv.RandomAffine(30), tv.ColorJitter(brightness=0.2)]
    pipeline = ImageTransformationPipeline(chain, use_different_transformation_per_channel=True)
    same = np.broadcast_to(image(1, 1, 20, 20), (2, 4, 20, 20))

    changed = pipeline(same, seed=1)

    assert not torch.equal(changed[0], changed[1])
    assert torch.equal(changed, changed[:, :1].expand(2, 4, 20, 20))


def test_the_second_version_of_torchvisions_transforms_works_too():
    v2 = torchvision_module("transforms.v2")
    chain = [v2.ToImage(), v2.RandomErasing(p=1.0), v2.RandomRotation(20), v2.Resize(24)]

    changed = ImageTransformationPipeline(chain)(image(1, 3, 16, 16), seed=2)

    # Theirs is a kind of tensor of its own; batches are made of plain ones.
    assert type(changed) is torch.Tensor and changed.shape == (1, 3, 24, 24)


def test_what_torchvision_cannot_colour_is_said_with_the_shape(tv):
    with pytest.raises(TypeError, match="channel") as caught:
        ImageTransformationPipeline([tv.ColorJitter(0.2)])(image(2, 3, 8, 8))

    given, advice = caught.value.__notes__
    assert given == "ColorJitter was given [Z, C, H, W] = [3, 2, 8, 8]."
    assert "use_different_transformation_per_channel=True gives them one at a time" in advice


def test_pictures_become_what_torchvision_makes_of_them(tv):
    values = np.random.default_rng(1).integers(0, 256, (4, 6, 3), dtype=np.uint8)

    for picture in (Image.fromarray(values), Image.fromarray(values[..., 0])):
        assert torch.equal(to_tensor(picture), tv.ToTensor()(picture))


def test_gamma_is_torchvisions(tv):
    given = torch.from_numpy(image(3, 2, 8, 8))

    expected = torchvision_module("transforms.functional").adjust_gamma(given[:, :1], 0.7)

    torch.testing.assert_close(RandomGamma((0.7, 0.7))(given)[:, :1], expected)


def test_workers_give_the_same_bytes(tv):
    # The contrast takes a mean over so many pixels that threads would share the work.
    chain = [
        tv.RandomAffine(30),
        tv.ColorJitter(0.2, 0.2, 0.2, 0.1),
        tv.RandomApply([tv.Resize(300)]),
    ]
    pipeline = ImageTransformationPipeline(chain)
    items = [(image(3, 1, 512, 512), seed) for seed in range(4)]

    def all_bytes(num_workers):
        loader = DataLoader(
            items,
            batch_size=None,
            num_workers=num_workers,
            collate_fn=lambda item: pipeline(item[0], seed=item[1]),
            multiprocessing_context="fork" if num_workers else None,
        )
        return [each.numpy().tobytes() for each in loader]

    alone = all_bytes(0)
    assert len(set(alone)) == 4
    assert all_bytes(1) == all_bytes(2) == alone
