"""Which transform does a model want for the images of each split?

A model class says so by two hooks, both without arguments, both of which may be left out:

    def get_image_transform(self):
        from torchvision.transforms import ColorJitter, RandomAffine, Resize

        return ModelTransformsPerExecutionMode(
            train=ImageTransformationPipeline([Resize(256), RandomAffine(10), ColorJitter(0.2)]),
            val=ImageTransformationPipeline([Resize(256)]),
            test=ImageTransformationPipeline([Resize(256)]),
        )

`get_segmentation_transform` is the same for the segmentations of the items. What needs torch is best
imported inside the hook: the class is read whenever the workflow is.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from innereye.errors import ConfigError, list_faults
from innereye.names import Split

Transform = Callable[[Any], Any]

ALLOWED = "ModelTransformsPerExecutionMode(train=..., val=..., test=...), or None for no transform"


@dataclass(frozen=True)
class ModelTransformsPerExecutionMode:
    """One transform for each split; None leaves its images as they are.

    A transform takes an image (C, Z, Y, X) and returns one. Raises ConfigError with all values that
    cannot be called.
    """

    train: Transform | None = None
    val: Transform | None = None
    test: Transform | None = None

    def __post_init__(self) -> None:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        faults = [
            f"{name}: {fault}"
            for name, value in given.items()
            if value is not None and (fault := fault_of_transform(value))
        ]
        if faults:
            raise ConfigError(
                list_faults("ModelTransformsPerExecutionMode cannot be made:", faults)
            )

    def of(self, split: Split) -> Transform | None:
        """Return the transform of one split."""
        return {Split.TRAIN: self.train, Split.VAL: self.val, Split.TEST: self.test}[split]


def transforms_of_hook(returned: Any, *, hook: str, model: str) -> ModelTransformsPerExecutionMode:
    """Return what the hook of a model class gave; None, the default, is no transform for any split.

    Raises ConfigError for anything else than ModelTransformsPerExecutionMode.
    """
    if returned is None:
        return ModelTransformsPerExecutionMode()
    if isinstance(returned, ModelTransformsPerExecutionMode):
        return returned
    came = f"{returned!r:.80}" if isinstance(returned, type) else f"a {type(returned).__name__}"
    raise ConfigError(f"{model}.{hook} returned {came}; allowed is {ALLOWED}.")


def fault_of_transform(value: object) -> str | None:
    """Say why a value is no transform, or return None when it can be called on an image."""
    if isinstance(value, type):
        return f"{value.__name__} is a class; make one of it: {value.__name__}(...)."
    if not callable(value):
        return f"needs a transform, something that can be called on an image; got {value!r:.80}."
    return None
