"""What must a checkpoint say of the inputs of its network? Features and their scale, and the image size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innereye.architectures import Size
from innereye.data.scalar.feature_space import FeatureSpace, input_names
from innereye.data.scalar.layout import Layout

# The entry of a checkpoint.
INPUTS = "inputs"


@dataclass(frozen=True)
class NetworkInputs:
    """The features as they are in training, and the shape (C, Z, Y, X) of the images, if there are some.

    It is that after the transforms of the model, which may give other sizes or channels.
    """

    space: FeatureSpace
    image_shape: tuple[int, int, int, int] | None

    @property
    def image_size(self) -> Size | None:
        """The size (Z, Y, X) of the images."""
        return None if self.image_shape is None else self.image_shape[1:]

    @property
    def num_image_channels(self) -> int:
        """How many channels the images have."""
        return 0 if self.image_shape is None else self.image_shape[0]

    def num_features(self, layout: Layout) -> int:
        """Return how many numbers join the images."""
        return len(input_names(layout, self.space.encoder))

    def to_plain(self) -> dict[str, Any]:
        """Return what a checkpoint can hold."""
        shape = None if self.image_shape is None else list(self.image_shape)
        return {"features": self.space.to_plain(), "image_shape": shape}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "NetworkInputs":
        """Return the inputs of `to_plain`."""
        shape = plain["image_shape"]
        space = FeatureSpace.from_plain(plain["features"])
        return cls(space, None if shape is None else (shape[0], shape[1], shape[2], shape[3]))
