"""Which model does a config ask for? All that is wrong with it is said at once."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from innereye.configs.model_config import (
    ConfigFaultsError,
    ModelConfig,
    field_fault,
    unique,
    unknown_field,
)
from innereye.configs.run_settings import RunSettings
from innereye.configs.search import find_model_class
from innereye.errors import ConfigError


def load_config(config: Mapping[str, Any], *, basedir: Path) -> tuple[RunSettings, ModelConfig]:
    """Return the settings of the run and its model, overridden, checked and completed.

    `config` is the merged config of Snakemake; a key without a value keeps the model's own.
    Raises ConfigError with all faults, of the model's class and of the config.
    """
    given = {str(key): value for key, value in config.items() if value is not None}
    of_run = {key: value for key, value in given.items() if key in RunSettings.model_fields}
    overrides = {key: value for key, value in given.items() if key not in of_run}
    settings, run_faults = load_run_settings(of_run)
    model_class = find_model_class(
        settings.model,
        extra_code_directory=settings.code_directory(basedir),
        model_configs_namespace=settings.model_configs_namespace,
    )
    try:
        model = load_model(model_class, overrides)
    except ConfigFaultsError as error:
        raise ConfigFaultsError(settings.model, [*run_faults, *error.faults]) from None
    if run_faults:
        raise ConfigFaultsError(settings.model, run_faults)
    return settings, model


def load_run_settings(given: dict[str, Any]) -> tuple[RunSettings, list[str]]:
    """Return the keys of the run that are right, and what is wrong with the others."""
    faults: list[str] = []
    try:
        settings = RunSettings(**given)
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors()}
        faults = unique([field_fault(RunSettings, detail) for detail in error.errors()])
        settings = RunSettings(**{key: value for key, value in given.items() if key not in wrong})
    if not settings.model:
        raise ConfigError(
            " ".join([*faults, "No model is named. Give one, such as --config model=HelloWorld."])
        )
    return settings, [fault.replace("RunSettings.", "") for fault in faults]


def load_model(model_class: type[ModelConfig], overrides: dict[str, Any]) -> ModelConfig:
    """Make the model, override its fields, check them, and work out those left None."""
    name = model_class.__name__
    faults = [name_fault(model_class, key) for key in overrides if key not in fields(model_class)]
    known = {key: value for key, value in overrides.items() if key in fields(model_class)}
    faults += model_class.override_faults(known)
    try:
        model = model_class()
    except ConfigFaultsError as error:
        raise ConfigFaultsError(name, unique([*error.faults, *faults])) from None
    except (TypeError, ValueError, AttributeError, NameError) as error:
        file = sys.modules[model_class.__module__].__file__
        raise ConfigError(f"{name}() of {file} fails: {error}") from error
    # A constructor may have assigned values after it was checked.
    stated = {key: value for key, value in vars(model).items() if key in fields(model_class)}
    if late := model_class.override_faults(stated):
        raise ConfigFaultsError(name, unique([*late, *faults]))
    right = {
        key: value for key, value in known.items() if not model_class.override_faults({key: value})
    }
    model = model.override(right)
    # What a wrong field would contradict is not known; what the right ones do is said now.
    faults += model.complaints()
    if faults:
        raise ConfigFaultsError(name, faults)
    return model.derive()


def fields(model_class: type[ModelConfig]) -> set[str]:
    """Return the names of a model's fields."""
    return set(model_class.model_fields)


def name_fault(model_class: type[ModelConfig], key: str) -> str:
    """Say that there is no such field, and what a user may have meant."""
    return unknown_field(model_class, key, fields(model_class) | set(RunSettings.model_fields))
