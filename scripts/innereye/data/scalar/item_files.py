"""What does a model see of the files of an item? Images and segmentations, sized and normalised."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from innereye.architectures import Size
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.fields.scalar_data import ScalarImageFields
from innereye.data.normalisation import Normalisation, normalise
from innereye.data.scalar.item_image import ImageSizes, load_image, load_segmentation, sizes_of
from innereye.data.scalar.items import Item
from innereye.errors import DatasetError, ImageError


@dataclass(frozen=True)
class ItemFiles:
    """The files of items below `root`, and how they become arrays."""

    root: Path
    sizes: ImageSizes
    normalisation: Normalisation
    with_segmentation: bool

    def images(self, item: Item) -> np.ndarray | None:
        """Return float32 (C, Z, Y, X), None for an item without images; ImageError names the subject."""
        if not item.images:
            return None
        try:
            return normalise(load_image(item.images, self.root, self.sizes), self.normalisation)
        except ImageError as error:
            raise ImageError(f"Subject {item.subject}: {error}") from None

    def segmentations(self, item: Item) -> np.ndarray | None:
        """Return whole numbers (C, Z, Y, X), None where the model reads none; ImageError as `images`."""
        if not (item.images and self.with_segmentation):
            return None
        try:
            return load_segmentation(item.images, self.root, self.sizes)
        except ImageError as error:
            raise ImageError(f"Subject {item.subject}: {error}") from None

    def size(self, item: Item) -> Size | None:
        """Return the size (Z, Y, X) of an item's images."""
        images = self.images(item)
        return None if images is None else (images.shape[1], images.shape[2], images.shape[3])


def item_files(
    images: ScalarImageFields, normalisation: NormalisationFields, root: Path | None
) -> ItemFiles:
    """Return how the fields of a model, or of a stage, read files below the data set's folder.

    Raises:
        DatasetError: the folder is not known.
    """
    if root is None:
        raise DatasetError("local_dataset is not set; it names the folder of the data set.")
    values = {each.name: getattr(normalisation, each.name) for each in fields(Normalisation)}
    return ItemFiles(root, sizes_of(images), Normalisation(**values), images.load_segmentation)
