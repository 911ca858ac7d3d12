"""How does an image become a stack of 2D slices [Z, C, H, W], and become an image again?"""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from innereye.errors import ConfigError

RANK_2D = 3
RANK_3D = 4

# Pictures of these kinds hold numbers up to 255 that mean 0 to 1; those of the others stay.
BYTE_MODES = {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV"}


def to_tensor(image: object) -> Tensor:
    """Return a picture, an array or a tensor as a tensor of its own, which may be overwritten.

    A picture becomes (C, H, W) float32, bytes divided by 255 and palettes looked up. Arrays and
    tensors keep their shape and type. Raises ConfigError for anything else.
    """
    if isinstance(image, Tensor):
        return image.clone(memory_format=torch.contiguous_format)
    if isinstance(image, np.ndarray):
        return torch.from_numpy(image.copy())
    if isinstance(image, Image.Image):
        return _picture_to_tensor(image)
    raise ConfigError(
        f"An image transform got a {type(image).__name__}; "
        "allowed are a PIL image, a numpy array and a torch tensor."
    )


def to_slices(image: Tensor) -> Tensor:
    """Return (1, C, H, W) for an image (C, H, W), and (Z, C, H, W) for one (C, Z, H, W).

    Raises ConfigError for other shapes.
    """
    if image.ndim == RANK_2D:
        return image.unsqueeze(0)
    if image.ndim == RANK_3D:
        return image.transpose(0, 1).contiguous()
    raise ConfigError(
        "An image transform needs an image (channels, height, width) or "
        f"(channels, depth, height, width); got the shape {tuple(image.shape)}."
    )


def from_slices(slices: Tensor, *, rank: int) -> Tensor:
    """Return slices (Z, C, H, W) as an image with as many axes as it had: the way back of to_slices.

    Raises ConfigError where an image of three axes has become several slices.
    """
    if rank == RANK_3D:
        return slices.transpose(0, 1).contiguous()
    if len(slices) != 1:
        raise ConfigError(
            f"The image transform made {len(slices)} slices of a 2D image; allowed is one."
        )
    return slices.squeeze(0)


def _picture_to_tensor(picture: Image.Image) -> Tensor:
    if picture.mode in {"P", "PA"}:
        picture = picture.convert("RGB")
    values = np.array(picture, dtype=np.float32)
    if picture.mode in BYTE_MODES:
        values = values / np.float32(255)
    channels_first = values[np.newaxis] if values.ndim == 2 else np.moveaxis(values, -1, 0)
    return torch.from_numpy(np.ascontiguousarray(channels_first))
