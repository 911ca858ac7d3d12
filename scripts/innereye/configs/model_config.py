"""How is a model stated, overridden, checked, and cut to the fields of a stage?"""

import copy
from collections.abc import Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from innereye.configs.fields.dataset import NameFields
from innereye.configs.fields.evaluation import WorkflowFields
from innereye.configs.fields.existing_model import ExistingModelFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.kinds import other_kind
from innereye.configs.left_out_fields import LEFT_OUT
from innereye.configs.readers import Form
from innereye.errors import ConfigError, did_you_mean, list_faults

VALUE_SHOWN = 80


class ModelConfig(WorkflowFields, ExistingModelFields, NameFields, MachineFields):
    """What all models share; a model is a class that inherits and states values."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, protected_namespaces=()
    )

    def __init__(self, *, should_validate: bool = True, **values: Any) -> None:
        """State values; `should_validate` is InnerEye's: rules between fields are always kept later."""
        del should_validate
        try:
            super().__init__(**values)
        except ValidationError as error:
            faults = [field_fault(type(self), detail) for detail in error.errors()]
            raise ConfigFaultsError(type(self).__name__, unique(faults)) from None

    def add_and_validate(self, values: dict[str, Any]) -> None:
        """Take over further values, as constructors of InnerEye's classes do; checks come once, later.

        Raises:
            ConfigFaultsError: there is no field of a name.
        """
        known = type(self).model_fields
        if faults := [
            unknown_field(type(self), name, known) for name in values if name not in known
        ]:
            raise ConfigFaultsError(type(self).__name__, faults)
        for name, value in values.items():
            setattr(self, name, value)

    @classmethod
    def override_faults(cls, values: dict[str, Any]) -> list[str]:
        """Return what is wrong with each of the values, one sentence a field."""
        faults = []
        for name, value in values.items():
            try:
                cls.__pydantic_validator__.validate_assignment(cls.model_construct(), name, value)
            except ValidationError as error:
                faults += [field_fault(cls, detail, whole=value) for detail in error.errors()]
        return unique(faults)

    def override(self, values: dict[str, Any]) -> Self:
        """Return a copy in which the values, all of which are right, replace the class's own."""
        model = copy.deepcopy(self)
        for name, value in values.items():
            type(self).__pydantic_validator__.validate_assignment(model, name, value)
        return model

    def complaints(self) -> list[str]:
        """Return what is wrong between the fields, one sentence each; models add their rules."""
        return []

    def derive(self) -> Self:
        """Return a copy in which fields left None are worked out from the others."""
        return copy.deepcopy(self)

    def get_model_train_test_dataset_splits(self, dataset_df: Any) -> Any:
        """Return `DatasetSplits` of the table, or None for a split by `split_proportions`.

        Override it for a split of your own; `innereye.data.splits.DatasetSplits` has the ways.
        """
        del dataset_df
        return None

    def settings(self, stage: type[BaseModel]) -> dict[str, Any]:
        """Return the stage's fields as plain values, sorted by name.

        Fields of the machine are left out: they change no result (`machine` has them).
        """
        names = set(stage.model_fields) - set(MachineFields.model_fields)
        return self.plain(names)

    def machine(self) -> dict[str, Any]:
        """Return the fields of the machine as plain values, sorted by name."""
        return self.plain(set(MachineFields.model_fields))

    def plain(self, names: set[str]) -> dict[str, Any]:
        """Return the named fields as plain values, sorted by name."""
        return dict(sorted(self.model_dump(mode="json", include=names).items()))


class ConfigFaultsError(ConfigError):
    """All faults of one model; `faults` holds them one by one."""

    def __init__(self, model: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(list_faults(f"The configuration of {model} has faults:", faults))


def unique(faults: list[str]) -> list[str]:
    """Return the faults without repetition, in order."""
    return list(dict.fromkeys(faults))


def field_fault(cls: type[BaseModel], detail: ErrorDetails, whole: Any = None) -> str:
    """Say which field is wrong, what it allows and what came."""
    name = str(detail["loc"][0]) if detail["loc"] else "value"
    model = cls.__name__
    if name not in cls.model_fields:
        return unknown_field(cls, name, cls.model_fields)
    form = form_of(cls.model_fields[name]) or detail["msg"]
    came = repr(detail["input"] if whole is None else whole)
    if len(came) > VALUE_SHOWN:
        came = f"{came[:VALUE_SHOWN]}..."
    return f"{model}.{name} needs {form}; got {came}.{nearest_choice(form, came)}"


def form_of(field: FieldInfo) -> str:
    """Return the form that a field allows; where types are built on others, the last one counts."""
    forms = [item.words for item in field.metadata if isinstance(item, Form)]
    return forms[-1] if forms else ""


def unknown_field(cls: type[BaseModel], name: str, known: Iterable[str]) -> str:
    """Say that there is no such field: what stands in for it, or which name is nearest."""
    if name in LEFT_OUT:
        return f"{cls.__name__}: {LEFT_OUT[name]}"
    if sentence := other_kind(name):
        return f"{cls.__name__}: {sentence}"
    return f"{cls.__name__} has no field '{name}'.{did_you_mean(name, known)}"


def nearest_choice(form: str, came: str) -> str:
    """Return ` Did you mean ...?` where the form is a list of choices."""
    if not form.startswith("one of "):
        return ""
    known = [choice.strip("' ") for choice in form.removeprefix("one of ").split(", ")]
    return did_you_mean(came.strip("'\""), known)
