"""How is a value that a user typed read? Readers of single values, lists and choices.

Values come from Python (a model class), from YAML, and from `--config`, where Snakemake hands over
whole numbers, reals, `True`, `False`, and for everything else text or lists of text.
"""

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BeforeValidator

TRUE_WORDS = frozenset({"on", "t", "true", "y", "yes", "1"})
FALSE_WORDS = frozenset({"off", "f", "false", "n", "no", "0"})
NONE_WORDS = frozenset({"none", "null", ""})
ROUND_TO_SQUARE = str.maketrans("()", "[]")


@dataclass(frozen=True)
class Form:
    """The form that a field allows, in words that complete `<field> needs ...`."""

    words: str


def read_bool(value: object) -> bool:
    """Read a yes or no in any of InnerEye's spellings, upper or lower case."""
    word = str(value).strip().lower() if isinstance(value, bool | int | str) else ""
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("not a yes or no")


def read_number(value: object) -> object:
    """Refuse yes and no where a number is wanted; Python would take them as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    return value


def read_text(value: object) -> object:
    """Turn a number that the command line made of a text back into text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | os.PathLike):
        raise ValueError("not a text")
    return str(value)


def read_folder(value: object) -> str:
    """Return one spelling of a folder: from the working directory where it lies below it."""
    text = str(read_text(value)).strip()
    path = Path(os.path.normpath(Path(text).expanduser()))
    if not text or path == Path(path.anchor or ".") or set(text) & set("{}"):
        raise ValueError("not a folder for results")
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


def read_items(value: object) -> object:
    """Split `a, b` or `[a, b]` into its items; a single value is a list of one, blanks are none."""
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in NONE_WORDS:
            return []
        if text.startswith("(") and text.endswith(")"):
            text = text[1:-1].rstrip(",")
        if text.startswith("["):
            return read_json(text, fallback=text.strip("[]").split(","))
        value = [item for item in text.split(",") if item.strip()]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = [value]
    if isinstance(value, list | tuple):
        return [item.strip() if isinstance(item, str) else item for item in value]
    return value


def read_json(text: str, *, fallback: list[str]) -> list[Any]:
    """Read a JSON list, or return the fallback where the text is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return [item.strip() for item in fallback]


def read_nested(value: object) -> object:
    """Read a list of lists, such as `[[a, b, off], [c, d, on]]` or `[(a, b, off)]`, from text.

    Snakemake cuts a text in brackets at its commas; such parts are put together again first.
    """
    if isinstance(value, list | tuple) and any(isinstance(item, str) for item in value):
        value = list(value)
        if any(set(str(item)) & set("()[]{}") for item in value):
            value = f"[{','.join(map(str, value))}]"
    if not isinstance(value, str):
        return value
    if value.strip().lower() in NONE_WORDS:
        return []
    text = value.translate(ROUND_TO_SQUARE).strip()
    # `[a, b], [c, d]` and `a, [b, 0.2]` are lists without their outer brackets.
    for each in (text, f"[{text}]"):
        items = read_flow(each)
        if isinstance(items, list):
            return items
    raise ValueError("not a list of lists")


def read_flow(text: str) -> object:
    """Read YAML in which every word stays a text: the types of a field know numbers from words."""
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None


def read_pairs(value: object) -> object:
    """Read `name=folder,name=folder`, a list of such texts, or a list of pairs."""
    if isinstance(value, str) and value.strip().startswith(("[[", "[(")):
        return read_nested(value)
    items = read_items(value)
    if not isinstance(items, list):
        return items
    return [item.split("=", 1) if isinstance(item, str) else item for item in items]


def none_word(value: object) -> bool:
    """Is this one of the spellings of `leave it out`?"""
    return value is None or (isinstance(value, str) and value.strip().lower() in NONE_WORDS)


def optional(reader: Any) -> BeforeValidator:
    """Wrap a reader so that `None`, `null` and the empty text give None."""
    return BeforeValidator(lambda value: None if none_word(value) else reader(value))


def read_folder_paths(value: object) -> object:
    """Read paths from a list or from text parts; None in their place is no path."""
    items = read_items(value)
    if not isinstance(items, list):
        return items
    texts = [str(read_text(item)) for item in items if item is not None]
    return [Path(each).expanduser() for each in texts if each.strip().lower() not in NONE_WORDS]


def choice_of(kind: type[StrEnum]) -> BeforeValidator:
    """Read a member by its value, ignoring case, blanks and underscores (`CT Window`, `CtWindow`)."""

    def plain(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalnum())

    def read(value: object) -> object:
        matches = [member for member in kind if plain(str(value)) == plain(member.value)]
        matches += [member for member in kind if plain(str(value)) == plain(member.name)]
        return matches[0] if matches else value

    return BeforeValidator(read)


def choices(kind: type[StrEnum]) -> Form:
    """Say which values an enumeration allows."""
    return Form("one of " + ", ".join(f"'{member.value}'" for member in kind))


def optional_choice_of(kind: type[StrEnum]) -> BeforeValidator:
    """Read a member as `choice_of` does, or one of the spellings of None."""
    return optional(choice_of(kind).func)


def choices_or_none(kind: type[StrEnum]) -> Form:
    """Say which values an enumeration allows beside None."""
    return Form(f"{choices(kind).words}, or None")
