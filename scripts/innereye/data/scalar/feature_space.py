"""Which inputs does a network have beside its images, and how are they scaled? For training and after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from innereye.data.scalar.items import Item
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.one_hot import OneHotEncoder
from innereye.data.scalar.standardisation import Standardisation
from innereye.errors import DatasetError
from innereye.io.files import atomic_write


@dataclass(frozen=True)
class FeatureSpace:
    """The categories of the whole data set, and the statistics of the numbers of Train.

    It goes with a checkpoint: new items are encoded and scaled by it.
    """

    encoder: OneHotEncoder
    standardisation: Standardisation

    @classmethod
    def fit(cls, train: Sequence[Item], layout: Layout, encoder: OneHotEncoder) -> "FeatureSpace":
        """Return the space for items of Train that the encoder has encoded."""
        names = layout.feature_names
        values = np.array([item.numerical for item in train]).reshape(len(train), len(names))
        return cls(encoder, Standardisation.fit(names, values))

    def scaled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items with their numbers as (value - mean) / deviation."""
        apply = self.standardisation.apply
        return [replace(item, numerical=apply(item.numerical)) for item in items]

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON, or a checkpoint, can hold."""
        return {
            "categories": self.encoder.to_plain(),
            "numerical": self.standardisation.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "FeatureSpace":
        """Return the space of `to_plain`."""
        return cls(
            OneHotEncoder.from_plain(plain["categories"]),
            Standardisation.from_plain(plain["numerical"]),
        )


def input_names(layout: Layout, encoder: OneHotEncoder) -> tuple[str, ...]:
    """Return a name for each input beside the images: numbers first, then categories, as items have them."""
    of_categories = (
        f"{name}={category}"
        for feature in layout.categorical
        for name in feature.names
        for category in encoder.categories[feature.column]
    )
    return (*layout.feature_names, *of_categories)


def write_feature_space(path: Path, space: FeatureSpace) -> None:
    """Write a space as JSON."""
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(space.to_plain(), indent=1) + "\n", encoding="utf-8")


def read_feature_space(path: Path) -> FeatureSpace:
    """Return the space that was written to a file.

    Raises:
        DatasetError: the file is missing, or is none.
    """
    try:
        return FeatureSpace.from_plain(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        raise DatasetError(f"{path} does not describe the features of a model.") from None
