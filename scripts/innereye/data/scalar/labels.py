"""What does the text of a label mean? Yes or no, several classes at once, or a number."""

import math
import re
from enum import StrEnum

import numpy as np

YES = frozenset({"true", "yes", "1"})
NO = frozenset({"false", "no", "0"})
# What tables write where they have nothing; pandas reads the same words as missing.
UNKNOWN = frozenset({"", "nan", "na", "n/a", "none", "null", "-nan", "<na>"})
_CLASSES = re.compile(r"\d+(\s*\|\s*\d+)*")


class LabelKind(StrEnum):
    """How the labels of a model are read."""

    BINARY = "binary"
    MULTI_LABEL = "multi-label"
    REGRESSION = "regression"


def label_kind(number_of_classes: int, *, is_regression: bool) -> LabelKind:
    """Return the kind of labels of a model with some classes."""
    if is_regression:
        return LabelKind.REGRESSION
    return LabelKind.MULTI_LABEL if number_of_classes > 1 else LabelKind.BINARY


def is_unknown(text: str) -> bool:
    """Is this what stands in a table for no value?"""
    return text.strip().lower() in UNKNOWN


def parse_label(text: str, kind: LabelKind, number_of_classes: int = 1) -> np.ndarray:
    """Return the label of each target, float32 (T,): 0 and 1 for classes, NaN where unknown.

    An empty text of several classes means that none is present.

    Raises:
        ValueError: the text is no label of the kind; the message completes `label ...`.
    """
    match kind:
        case LabelKind.BINARY:
            return _yes_or_no(text)
        case LabelKind.REGRESSION:
            return as_float32(parse_number(text, what="label"))
        case LabelKind.MULTI_LABEL:
            return _classes(text, number_of_classes)


def parse_number(text: str, what: str = "value") -> float:
    """Return a number, or NaN where it is unknown.

    Raises:
        ValueError: the text is neither.
    """
    if is_unknown(text):
        return math.nan
    try:
        # Python takes 1_000 for a number; no table means that.
        return float(text.replace("_", "x"))
    except ValueError:
        raise ValueError(f"{what} '{text}' is no number; leave it empty if unknown") from None


def as_float32(number: float) -> np.ndarray:
    """Return a number as float32 (1,); one that is too large for it is infinite."""
    with np.errstate(over="ignore"):
        return np.array([number], np.float32)


def _yes_or_no(text: str) -> np.ndarray:
    word = text.strip().lower()
    if word in YES | NO:
        return np.array([word in YES], np.float32)
    if is_unknown(text):
        return np.array([np.nan], np.float32)
    raise ValueError(f"label '{text}' is none of true, yes, 1, false, no, 0, or empty")


def _classes(text: str, number_of_classes: int) -> np.ndarray:
    label = np.zeros(number_of_classes, np.float32)
    if is_unknown(text):
        return label
    if not _CLASSES.fullmatch(text.strip()):
        raise ValueError(f"label '{text}' is no list of classes, such as 0|2, or empty for none")
    classes = [int(each) for each in text.split("|")]
    if wrong := [each for each in classes if each >= number_of_classes]:
        raise ValueError(
            f"label '{text}' has class {wrong[0]}; there are {number_of_classes}, counted from 0"
        )
    label[classes] = 1
    return label
