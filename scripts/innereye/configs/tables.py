"""What does config/README.md say of each key? Tables between two marks, made of the fields' sentences."""

from collections.abc import Iterable
from typing import Any

from innereye.configs.catalogue import (
    Group,
    Key,
    groups_of_model,
    groups_of_run,
    groups_of_scalar_model,
)
from innereye.errors import ConfigError

BEGIN = "<!-- The tables of {part} are generated: `make golden` writes them anew. -->"
END = "<!-- End of the generated tables of {part}. -->"
YES_OR_NO = ", such as True or False"  # stands above the tables already
HEAD = "| key | default | value | meaning |\n|---|---|---|---|"


def with_tables(text: str) -> str:
    """Return the text of config/README.md with fresh tables; all other words stay.

    Raises:
        ConfigError: the text has no pair of marks for one of the parts.
    """
    parts = {
        "the run": groups_of_run(),
        "the model": groups_of_model(),
        "a scalar model": groups_of_scalar_model(),
    }
    for part, groups in parts.items():
        begin, end = BEGIN.format(part=part), END.format(part=part)
        if begin not in text or end not in text.partition(begin)[2]:
            raise ConfigError(f"config/README.md needs the lines {begin!r} and {end!r}.")
        before, _, rest = text.partition(begin)
        after = rest.partition(end)[2]
        text = f"{before}{begin}\n\n{tables(groups)}\n{end}{after}"
    return text


def tables(groups: Iterable[Group]) -> str:
    """Return one table for each group, under the sentence that describes the group."""
    return "".join(f"{group.title}\n\n{HEAD}\n{_rows(group.keys)}\n" for group in groups)


def _rows(keys: Iterable[Key]) -> str:
    return "".join(
        f"| `{key.name}` | {_code(key.default)} | {_cell(key.form.replace(YES_OR_NO, ''))} | "
        f"{_cell(key.sentence)} |\n"
        for key in keys
    )


def _code(default: Any) -> str:
    """Return a default as it would be typed; nothing where there is none."""
    text = _typed(default)
    return f"`{_cell(text)}`" if text else ""


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        is_flat = not any(isinstance(item, list) for item in value)
        return ",".join(map(_typed, value)) if is_flat else str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
