"""What does a scalar network look at? The maps of a batch, as its encoder takes them."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from innereye.errors import ImageError
from innereye.scalar_architectures.shape import MOST_CLASSES
from innereye.scalar_names import ImagingFeatureType


class ScalarNetwork(Protocol):
    """A network that maps a batch of items to outputs (B, T): logits, or values of a regression.

    It is given images (B, C, Z, Y, X), the features (B, F) that join them, and segmentations
    (B, C, Z, Y, X) of whole numbers; None for what the model does not have.
    """

    def __call__(
        self,
        images: Tensor | None,
        features: Tensor | None = None,
        segmentations: Tensor | None = None,
    ) -> Tensor:
        """Return the outputs."""
        ...


def encoder_maps(
    images: Tensor | None,
    segmentations: Tensor | None,
    *,
    imaging_feature_type: ImagingFeatureType,
    is_joint: bool,
) -> Tensor:
    """Return the maps (N, M, Z, Y, X) that an encoder takes, of float32.

    A channel has one map of grey values, or one a class of its segmentation (ten, background first),
    or both. Jointly, the maps of all C channels are those of one row (N = B, M = C x maps); else
    each channel is a row of its own (N = B x C, those of an item one after the other).

    Raises:
        ImageError: a segmentation holds something else than whole numbers from 0 to 9.
    """
    maps: list[Tensor] = []
    if imaging_feature_type is not ImagingFeatureType.SEGMENTATION:
        maps.append(_given(images, "images").unsqueeze(2))
    if imaging_feature_type is not ImagingFeatureType.IMAGE:
        maps.append(one_hot(_given(segmentations, "segmentations")))
    joined = torch.cat([each.float() for each in maps], dim=2)
    first = (0, 1) if not is_joint else (1, 2)
    return joined.flatten(*first)


def one_hot(segmentations: Tensor) -> Tensor:
    """Return one map a class, (B, C, 10, Z, Y, X) in float32, of segmentations (B, C, Z, Y, X)."""
    classes = segmentations.long()
    is_known = (classes >= 0) & (classes < MOST_CLASSES) & (classes == segmentations)
    if not bool(is_known.all()):
        raise ImageError(
            "A segmentation that a scalar model looks at needs the whole numbers from 0 to "
            f"{MOST_CLASSES - 1}; got {segmentations[~is_known][0].item():g}."
        )
    return functional.one_hot(classes, MOST_CLASSES).movedim(-1, 2).float()


def joined_features(pooled: Tensor, features: Tensor | None, num_features: int) -> Tensor:
    """Return the pooled features (B, N) of the images with the F others of each item behind them."""
    if num_features == 0:
        return pooled
    return torch.cat([pooled, checked_features(features, num_features)], dim=1)


def checked_features(features: Tensor | None, num_features: int) -> Tensor:
    """Return features (B, F) as float32; raises ValueError where there are none, or others."""
    given = _given(features, "features")
    if given.dim() != 2 or given.shape[1] != num_features:
        raise ValueError(
            f"The network takes {num_features} features of each item; got {tuple(given.shape)}."
        )
    return given.float()


def _given(tensor: Tensor | None, name: str) -> Tensor:
    if tensor is None:
        raise ValueError(f"The network needs {name}; got none.")
    return tensor
