"""Which items does a training have, and what are the inputs of its network?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.data.scalar.feature_space import FeatureSpace
from innereye.data.scalar.item_files import ItemFiles, item_files
from innereye.data.scalar.items import Item
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.model_layout import layout_of_model
from innereye.data.scalar.network_inputs import NetworkInputs
from innereye.data.scalar.read_split import encoder_of_data_set, read_split
from innereye.names import Split
from innereye.training.scalar.item_changes import changes_of
from innereye.transforms.scalar.item_transform import ItemTransform


@dataclass(frozen=True)
class TrainingItems:
    """The items of Train and Val with scaled numbers, where their files lie, and what a network gets."""

    items: Mapping[Split, Sequence[Item]]
    files: ItemFiles
    layout: Layout
    inputs: NetworkInputs
    has_transform: bool


def read_training_items(
    train_csv: Path, val_csv: Path, *, settings: ScalarTrainSettings, model: ScalarModelBase
) -> TrainingItems:
    """Return the items of two tables. Categories are those of the whole data set, scales those of Train.

    Raises:
        InnerEyeError: faults of a table, an image that cannot be read, or a hook without transforms.
    """
    layout = layout_of_model(settings, model)
    files = item_files(settings, settings, settings.local_dataset)
    encoder = encoder_of_data_set(files.root / settings.dataset_csv, layout)
    tables = {Split.TRAIN: train_csv, Split.VAL: val_csv}
    found = {
        split: read_split(table, layout, root=files.root, encoder=encoder)
        for split, table in tables.items()
    }
    space = FeatureSpace.fit(found[Split.TRAIN], layout, encoder)
    # What a transform of Train does to the size may be random; that of Val is how images are used.
    transform = changes_of(model, settings, Split.VAL)
    return TrainingItems(
        items={split: space.scaled(items) for split, items in found.items()},
        files=files,
        layout=layout,
        inputs=NetworkInputs(space, _image_shape(found[Split.TRAIN], files, transform)),
        has_transform=model.get_image_transform() is not None,
    )


def _image_shape(
    items: Sequence[Item], files: ItemFiles, transform: ItemTransform
) -> tuple[int, int, int, int] | None:
    """Return the shape (C, Z, Y, X) of the images that the network sees; None without images or items."""
    images = files.images(items[0]) if items else None
    if images is None:
        return None
    changed, _ = transform(images, seed=0)
    channels, z, y, x = changed.shape
    return channels, z, y, x
