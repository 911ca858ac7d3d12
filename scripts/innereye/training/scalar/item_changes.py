"""How are the images of each split changed? By the model's hooks, and at random by its fields."""

from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.names import Split
from innereye.training.settings_slice import arguments_for
from innereye.transforms.scalar.execution_modes import Transform
from innereye.transforms.scalar.item_transform import ItemTransform, item_transform
from innereye.transforms.scalar.volume_change import VolumeAugmentation


@dataclass(frozen=True)
class OneAfterTheOther:
    """The transform of a hook, then the random change of the fields."""

    first: Transform | None
    second: Transform

    def __call__(self, image: Any) -> Tensor:
        """Return the image after both."""
        return self.second(image if self.first is None else self.first(image))


def changes_of(
    model: ScalarModelBase, settings: ScalarTrainSettings, split: Split
) -> ItemTransform:
    """Return the changes of a split's items; only those of Train are changed by the fields.

    Raises:
        ConfigError: a hook of the model gives no transforms.
    """
    transform = item_transform(
        model=type(model).__name__,
        image_hook=model.get_image_transform(),
        segmentation_hook=model.get_segmentation_transform(),
        split=split,
    )
    augmentation = VolumeAugmentation(**arguments_for(VolumeAugmentation, settings))
    if split is not Split.TRAIN or changes_nothing(augmentation):
        return transform
    return replace(transform, image=OneAfterTheOther(transform.image, augmentation))


def changes_nothing(augmentation: VolumeAugmentation) -> bool:
    """Are all kinds of change as they stand?"""
    still = VolumeAugmentation(augmentation_probability=augmentation.augmentation_probability)
    return augmentation == still or augmentation.augmentation_probability == 0
