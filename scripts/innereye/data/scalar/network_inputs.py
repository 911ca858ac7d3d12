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
    """The features as they are in training, and the size (Z, Y, X) of the images where there are some."""

    space: FeatureSpace
    image_size: Size | None

    def num_features(self, layout: Layout) -> int:
        """Return how many numbers join the images."""
        return len(input_names(layout, self.space.encoder))

    def to_plain(self) -> dict[str, Any]:
        """Return what a checkpoint can hold."""
        size = None if self.image_size is None else list(self.image_size)
        return {"features": self.space.to_plain(), "image_size": size}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "NetworkInputs":
        """Return the inputs of `to_plain`."""
        size = plain["image_size"]
        space = FeatureSpace.from_plain(plain["features"])
        return cls(space, None if size is None else (size[0], size[1], size[2]))
