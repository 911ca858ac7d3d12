"""Which fields does a function take? The bridge from settings to rooms that know plain numbers only."""

import inspect
from collections.abc import Callable
from typing import Any


def arguments_for(function: Callable[..., Any], settings: object) -> dict[str, Any]:
    """Return the fields whose names are those of a function's, or a dataclass's, parameters."""
    names = inspect.signature(function).parameters
    return {name: getattr(settings, name) for name in names if hasattr(settings, name)}
