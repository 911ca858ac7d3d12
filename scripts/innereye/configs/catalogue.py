"""Which keys may a config hold? All of them, group by group, with their sentences and defaults."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import get_annotations
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.model_config import form_of
from innereye.configs.run_settings import RunSettings
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


@dataclass(frozen=True)
class Key:
    """A key of the config: a key of the run or a field of the model."""

    name: str
    sentence: str
    form: str
    default: Any


@dataclass(frozen=True)
class Group:
    """The keys of one class of fields, in its order; the first line of its docstring is the title."""

    name: str
    title: str
    keys: tuple[Key, ...]


def groups_of_run() -> list[Group]:
    """Return the keys that are no fields of a model."""
    return list(_groups(RunSettings, RunSettings().model_dump(mode="json")))


def groups_of_model() -> list[Group]:
    """Return the fields of a segmentation model, with the defaults of SegmentationModelBase."""
    defaults = SegmentationModelBase().model_dump(mode="json")
    return list(_groups(SegmentationModelBase, defaults))


def groups_of_scalar_model() -> list[Group]:
    """Return the fields of a scalar model that a segmentation model has not, or describes otherwise."""
    defaults = ScalarModelBase().model_dump(mode="json")
    shared = {group.name for group in groups_of_model()}
    return [each for each in _groups(ScalarModelBase, defaults) if each.name not in shared]


def all_keys() -> list[Key]:
    """Return all keys, those of the run first, then those of segmentation models."""
    groups = [*groups_of_run(), *groups_of_model(), *groups_of_scalar_model()]
    keys: dict[str, Key] = {}
    for key in (key for group in groups for key in group.keys):
        keys.setdefault(key.name, key)
    return list(keys.values())


def _groups(model: type[BaseModel], defaults: dict[str, Any]) -> Iterator[Group]:
    """Give the classes that state fields of their own, in the order in which a model names them."""
    for kind in model.__mro__:
        own = [name for name in get_annotations(kind) if name in defaults]
        if own and issubclass(kind, BaseModel):
            keys = [_key(name, model.model_fields[name], defaults[name]) for name in own]
            title = (kind.__doc__ or "").strip().split("\n")[0]
            yield Group(kind.__name__, title, tuple(keys))


def _key(name: str, field: FieldInfo, default: Any) -> Key:
    return Key(name, " ".join((field.description or "").split()), form_of(field), default)
