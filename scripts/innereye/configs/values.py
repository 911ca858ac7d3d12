"""How is a value that a user typed read? Named types with the form that they allow.

Values come from Python (a model class), from YAML, and from `--config`, where Snakemake hands over
whole numbers, reals, `True`, `False`, and for everything else text or lists of text.
"""

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

TRUE_WORDS = frozenset({"on", "t", "true", "y", "yes", "1"})
FALSE_WORDS = frozenset({"off", "f", "false", "n", "no", "0"})
NONE_WORDS = frozenset({"none", "null", ""})


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
    if isinstance(value, bool | list | tuple | dict):
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
    """Read a list of lists from JSON text; lists of text keep their items, each read as JSON."""
    if isinstance(value, str) and value.strip().lower() in NONE_WORDS:
        return []
    if isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, list):
        return [json.loads(item) if isinstance(item, str) else item for item in value]
    return value


def read_pairs(value: object) -> object:
    """Read `name=folder,name=folder`, a list of such texts, or a list of pairs."""
    if isinstance(value, str) and value.strip().startswith("[["):
        return json.loads(value)
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


_ITEMS = BeforeValidator(read_items)
_NUMBER = BeforeValidator(read_number)

Bool = Annotated[bool, BeforeValidator(read_bool), Form("yes or no, such as True or False")]
OptionalBool = Annotated[
    bool | None,
    optional(read_bool),
    Form("yes or no, such as True or False, or None for the default"),
]
Whole = Annotated[int, _NUMBER, Form("a whole number")]
WholeFromMinusOne = Annotated[int, _NUMBER, Field(ge=-1), Form("a whole number of at least -1")]
WholeFromZero = Annotated[int, _NUMBER, Field(ge=0), Form("a whole number of at least 0")]
Count = Annotated[int, _NUMBER, Field(ge=1), Form("a whole number of at least 1")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Real = Annotated[Finite, _NUMBER, Form("a number")]
RealFromZero = Annotated[Finite, _NUMBER, Field(ge=0), Form("a number of at least 0")]
PositiveReal = Annotated[Finite, _NUMBER, Field(gt=0), Form("a number above 0")]
Probability = Annotated[Finite, _NUMBER, Field(ge=0, le=1), Form("a number from 0 to 1")]
BetweenZeroAndOne = Annotated[Finite, _NUMBER, Field(gt=0, lt=1), Form("a number between 0 and 1")]
Text = Annotated[str, BeforeValidator(read_text), Form("a text")]
OptionalText = Annotated[str | None, optional(read_text), Form("a text or None")]
OptionalPath = Annotated[
    Path | None,
    optional(lambda value: Path(str(read_text(value))).expanduser()),
    Form("the path of a folder"),
]
Folder = Annotated[
    str,
    BeforeValidator(read_folder),
    Form("the path of a folder other than /, without braces"),
]
_Name = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]
Names = Annotated[list[_Name], _ITEMS, Form("names separated by commas, such as ct,mri")]
Counts = Annotated[list[Count], _ITEMS, Form("whole numbers of at least 1, such as 8,16")]
OptionalCounts = Annotated[
    list[Count] | None, optional(read_items), Form("whole numbers of at least 1, such as 5,10")
]
OptionalReals = Annotated[
    list[RealFromZero] | None, optional(read_items), Form("numbers of at least 0, such as 0.2,0.8")
]
Size = Annotated[
    tuple[Count, Count, Count],
    _ITEMS,
    Form("three whole numbers of at least 1 in the order z,y,x, such as 64,224,224"),
]
OptionalSize = Annotated[
    tuple[Count, Count, Count] | None,
    optional(read_items),
    Form("three whole numbers of at least 1 in the order z,y,x, such as 64,224,224"),
]
Angles = Annotated[
    tuple[RealFromZero, RealFromZero, RealFromZero],
    _ITEMS,
    Form("three angles in degrees of at least 0 in the order z,y,x, such as 15,0,0"),
]
Range = Annotated[tuple[Real, Real], _ITEMS, Form("two numbers, low and high, such as 0.9,1.1")]
_BelowOne = Annotated[Finite, _NUMBER, Field(ge=0, lt=1)]
Betas = Annotated[
    tuple[_BelowOne, _BelowOne], _ITEMS, Form("two numbers from 0 to below 1, such as 0.9,0.999")
]
Proportions = Annotated[
    tuple[Probability, Probability, Probability],
    _ITEMS,
    Form("three numbers from 0 to 1 for Train, Val and Test, such as 0.7,0.1,0.2"),
]
