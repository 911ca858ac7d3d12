"""Which chain of transforms do the augmentation settings of the original's YAML files describe?"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from innereye.errors import ConfigError, did_you_mean, list_faults
from innereye.transforms.scalar.image_transforms import (
    AddGaussianNoise,
    ElasticTransform,
    ExpandChannels,
    RandomGamma,
)
from innereye.transforms.scalar.pipeline import ImageTransformationPipeline

# Every setting with its default. Label smoothing is read and, as in the original, not used.
DEFAULTS: dict[str, Any] = {
    "preprocess.center_crop_size": 224,
    "preprocess.resize": 256,
    "augmentation.use_random_affine": False,
    "augmentation.use_random_crop": False,
    "augmentation.use_random_horizontal_flip": False,
    "augmentation.use_gamma_transform": False,
    "augmentation.use_random_color": False,
    "augmentation.use_elastic_transform": False,
    "augmentation.use_random_erasing": False,
    "augmentation.add_gaussian_noise": False,
    "augmentation.random_affine.max_angle": 0,
    "augmentation.random_affine.max_horizontal_shift": 0.0,
    "augmentation.random_affine.max_vertical_shift": 0.0,
    "augmentation.random_affine.max_shear": 5,
    "augmentation.random_crop.scale": (0.9, 1.0),
    "augmentation.random_horizontal_flip.prob": 0.5,
    "augmentation.gamma.scale": (0.5, 1.5),
    "augmentation.random_color.brightness": 0.0,
    "augmentation.random_color.contrast": 0.1,
    "augmentation.random_color.saturation": 0.0,
    "augmentation.elastic_transform.sigma": 4,
    "augmentation.elastic_transform.alpha": 35,
    "augmentation.elastic_transform.p_apply": 0.5,
    "augmentation.random_erasing.scale": (0.01, 0.1),
    "augmentation.random_erasing.ratio": (0.3, 3.3),
    "augmentation.gaussian_noise.std": 0.01,
    "augmentation.gaussian_noise.p_apply": 0.5,
    "augmentation.label_smoothing.epsilon": 0.1,
}

Step = Callable[[Any], Any]


def create_transforms_from_config(
    config: Mapping[str, Any],
    apply_augmentations: bool,
    expand_channels: bool = True,
    *,
    torchvision_transforms: Any,
) -> ImageTransformationPipeline:
    """Return the pipeline that a file describes: with its random changes, or resized and cropped only.

    `config` is the file as YAML reads it; what it leaves out has its default. The module
    torchvision.transforms is handed in by whoever has it, as nothing of ours imports it. Raises
    ConfigError with all settings that are unknown.
    """
    settings = _settings(config)
    first: list[Step] = [ExpandChannels()] if expand_channels else []
    if apply_augmentations:
        chain = first + _random_changes(settings, torchvision_transforms)
    else:
        chain = [
            *first,
            torchvision_transforms.Resize(settings["preprocess.resize"]),
            torchvision_transforms.CenterCrop(settings["preprocess.center_crop_size"]),
        ]
    return ImageTransformationPipeline(chain)


def _random_changes(settings: Mapping[str, Any], library: Any) -> list[Step]:
    """Return the transforms in the order of the original."""

    def of(section: str) -> dict[str, Any]:
        start = f"augmentation.{section}."
        return {
            name.removeprefix(start): tuple(value) if isinstance(value, list) else value
            for name, value in settings.items()
            if name.startswith(start)
        }

    affine, size = of("random_affine"), settings["preprocess.resize"]
    steps: list[tuple[str | None, Callable[[], Step]]] = [
        ("use_random_affine", lambda: _affine(affine, library)),
        ("use_random_crop", lambda: library.RandomResizedCrop(size, **of("random_crop"))),
        (
            "use_random_horizontal_flip",
            lambda: library.RandomHorizontalFlip(p=of("random_horizontal_flip")["prob"]),
        ),
        ("use_gamma_transform", lambda: RandomGamma(**of("gamma"))),
        ("use_random_color", lambda: library.ColorJitter(**of("random_color"))),
        ("use_elastic_transform", lambda: ElasticTransform(**of("elastic_transform"))),
        (None, lambda: library.CenterCrop(settings["preprocess.center_crop_size"])),
        ("use_random_erasing", lambda: library.RandomErasing(**of("random_erasing"))),
        ("add_gaussian_noise", lambda: AddGaussianNoise(**of("gaussian_noise"))),
    ]
    if not settings["augmentation.use_random_crop"]:
        steps[1] = (None, lambda: library.Resize(size))
    return [make() for switch, make in steps if not switch or settings[f"augmentation.{switch}"]]


def _affine(fields: Mapping[str, Any], library: Any) -> Step:
    return library.RandomAffine(
        degrees=fields["max_angle"],
        translate=(fields["max_horizontal_shift"], fields["max_vertical_shift"]),
        shear=fields["max_shear"],
    )


def _settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting by its full name."""
    given = dict(_flat(config))
    faults = [
        f"{name} is not among them.{did_you_mean(name, DEFAULTS)}"
        for name in given
        if name not in DEFAULTS
    ]
    if faults:
        raise ConfigError(list_faults("Unknown augmentation settings:", faults))
    return {**DEFAULTS, **given}


def _flat(config: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", value
