"""The maps that an encoder is given: grey values, classes, channels one by one or together."""

import pytest
import torch

from innereye.errors import ImageError
from innereye.models.scalar.inputs import encoder_maps, joined_features, one_hot
from innereye.scalar_names import ImagingFeatureType

IMAGES = torch.arange(2 * 2 * 6, dtype=torch.float32).view(2, 2, 1, 2, 3)
SEGMENTATIONS = (IMAGES % 10).contiguous()


def maps(kind: str, *, is_joint: bool = False) -> torch.Tensor:
    return encoder_maps(
        IMAGES, SEGMENTATIONS, imaging_feature_type=ImagingFeatureType(kind), is_joint=is_joint
    )


@pytest.mark.parametrize(
    ("kind", "number"), [("Image", 1), ("Segmentation", 10), ("ImageAndSegmentation", 11)]
)
def test_channels_pass_one_by_one_or_together(kind, number):
    assert maps(kind).shape == (4, number, 1, 2, 3)
    assert maps(kind, is_joint=True).shape == (2, 2 * number, 1, 2, 3)
    assert torch.equal(maps(kind).view(2, 2 * number, 1, 2, 3), maps(kind, is_joint=True))


def test_the_image_comes_before_the_classes_of_its_channel():
    both = maps("ImageAndSegmentation")

    assert torch.equal(both[:, 0], IMAGES.flatten(0, 1))
    assert torch.equal(both[:, 1:].argmax(dim=1).float(), SEGMENTATIONS.flatten(0, 1))
    assert torch.equal(both[:, 1:].sum(dim=1), torch.ones(4, 1, 2, 3))


@pytest.mark.parametrize(("value", "words"), [(10, "10"), (-1, "-1"), (1.5, "1.5")])
def test_other_classes_are_refused(value, words):
    segmentations = SEGMENTATIONS.clone()
    segmentations[0, 0, 0, 0, 0] = value

    with pytest.raises(ImageError, match=f"whole numbers from 0 to 9; got {words}"):
        one_hot(segmentations)


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="needs segmentations; got none"):
        encoder_maps(
            IMAGES, None, imaging_feature_type=ImagingFeatureType.SEGMENTATION, is_joint=True
        )
    with pytest.raises(ValueError, match="needs features; got none"):
        joined_features(torch.zeros(2, 3), None, 1)
    with pytest.raises(ValueError, match=r"takes 2 features of each item; got \(2, 1\)"):
        joined_features(torch.zeros(2, 3), torch.zeros(2, 1), 2)
