"""The hooks of a model at work on its items, in this process and in workers."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from innereye.errors import ConfigError
from innereye.names import Split
from innereye.transforms.scalar.execution_modes import ModelTransformsPerExecutionMode
from innereye.transforms.scalar.image_transforms import (
    AddGaussianNoise,
    ElasticTransform,
    RandomGamma,
)
from innereye.transforms.scalar.item_transform import item_transform
from innereye.transforms.scalar.pipeline import ImageTransformationPipeline
from innereye.transforms.scalar.volume_change import VolumeAugmentation


def of_train(image=None, segmentation=None):
    """The transform of Train, for hooks that give these; None for a hook that is not there."""
    hooks = [
        each if each is None else ModelTransformsPerExecutionMode(train=each)
        for each in (image, segmentation)
    ]
    return item_transform(
        model="Lung", image_hook=hooks[0], segmentation_hook=hooks[1], split=Split.TRAIN
    )


def image(shape=(2, 3, 16, 18)) -> np.ndarray:
    return np.random.default_rng(3).random(shape, dtype=np.float32)


def test_without_hooks_items_stay_as_they_are():
    images, segmentations = of_train()(image(), image() > 0.5, seed=1)

    assert images.numpy().tobytes() == image().tobytes()
    assert segmentations.dtype is torch.float32
    assert of_train()(image(), seed=1)[1] is None


def test_each_split_has_its_own_transform():
    modes = ModelTransformsPerExecutionMode(train=lambda x: x + 1, test=lambda x: x + 2)
    zeros = np.zeros((1, 1, 2, 2), np.float32)

    added = [
        item_transform(model="Lung", image_hook=modes, segmentation_hook=None, split=split)(
            zeros, seed=1
        )[0].max()
        for split in (Split.TRAIN, Split.VAL, Split.TEST)
    ]

    assert added == [1, 0, 2]


def test_segmentations_alone_are_changed_too():
    # The original computes this result and throws it away.
    images, segmentations = of_train(segmentation=lambda x: 1 - x)(image(), image(), seed=1)

    assert torch.equal(images, torch.from_numpy(image()))
    assert torch.equal(segmentations, 1 - images)


def test_an_image_and_its_segmentation_move_alike():
    moving = ImageTransformationPipeline([ElasticTransform(sigma=2, alpha=20, p_apply=1)])

    images, segmentations = of_train(moving, moving)(image(), image(), seed=4)

    assert torch.equal(images, segmentations)
    assert not torch.equal(images, torch.from_numpy(image()))


def test_what_is_given_stays_as_it_is():
    given = image()

    of_train(lambda x: x.zero_())(given, seed=1)

    assert given.tobytes() == image().tobytes()


@pytest.mark.parametrize(
    ("transform", "sentence"),
    [
        (lambda x: x[0], r"returned the shape \(3, 16, 18\); needed is \(C, Z, Y, X\)"),
        (lambda x: x[:, :0], r"returned the shape \(2, 0, 16, 18\)"),
        (lambda x: x.tolist(), "returned a list"),
        (lambda x: x / 0, "returned values that are not finite"),
    ],
)
def test_an_unfit_result_names_model_hook_and_split(transform, sentence):
    where = "Lung.get_image_transform, the transform for Train: "
    with pytest.raises(ConfigError, match=where + sentence):
        of_train(transform)(image(), seed=1)


class Items(Dataset):
    """Items whose transform draws from every generator there is."""

    def __init__(self, transform):
        self.transform = transform

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return self.transform(image(), seed=index)[0]


def draws_from_all(slices):
    import random

    return slices + random.random() + np.random.random() + torch.rand(1)


def bytes_of(items: Items, num_workers: int, **options) -> list[bytes]:
    loader = DataLoader(items, batch_size=None, num_workers=num_workers, **options)
    return [each.numpy().tobytes() for each in loader]


@pytest.mark.parametrize(
    "transform",
    [
        ImageTransformationPipeline(
            [RandomGamma((0.5, 1.5)), AddGaussianNoise(0.5, 0.1), ElasticTransform(2, 20, 0.5)],
            use_different_transformation_per_channel=True,
        ),
        ImageTransformationPipeline([draws_from_all]),
        VolumeAugmentation(
            random_rotation_degrees=(10, 5, 5), random_contrast=(0.8, 1.2), random_noise_std=0.1
        ),
    ],
)
def test_workers_give_the_same_bytes(transform):
    items = Items(of_train(transform))

    alone = bytes_of(items, 0)

    assert len(set(alone)) > 2
    assert bytes_of(items, 1) == bytes_of(items, 2) == alone
