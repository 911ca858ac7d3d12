"""Are the results of a run those that were expected? Files compared with copies of an earlier run's."""

import csv
import io
import itertools
import logging
import math
from collections.abc import Sequence
from pathlib import Path

from innereye.errors import InnerEyeError, list_faults
from innereye.io.files import atomic_write

logger = logging.getLogger(__name__)

LINES = frozenset({".txt", ".json", ".html", ".md"})
NO_ROW = "no such row"
NO_LINE = "no such line"


def compare_with_expected(
    *, expected: Sequence[Path], folder: Path, outputs: Path, tolerance: float, text: Path
) -> None:
    """Compare files below a folder of `folder` with those of the same name below `outputs`.

    `folder/OUTPUT/a/b.csv` is compared with `outputs/a/b.csv`. Tables may differ by the relative
    tolerance, texts by their line ends, other files not at all; what else `outputs` holds does not
    matter. Writes the names of the files into `text`.

    Raises:
        InnerEyeError: all files that are missing or differ, with the first difference of each.
    """
    names = [Path(*path.relative_to(folder).parts[1:]) for path in expected]
    faults = [
        f"{name}: {fault}"
        for path, name in zip(expected, names, strict=True)
        if (fault := difference(path, outputs / name, tolerance))
    ]
    if faults:
        title = f"{len(faults)} of {len(expected)} files in {outputs} are not as expected:"
        raise InnerEyeError(list_faults(title, faults))
    lines = [f"{len(expected)} files are as expected in {folder}:", *map(str, names)]
    logger.info("%s", lines[0])
    with atomic_write(text) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def difference(expected: Path, actual: Path, tolerance: float) -> str:
    """Return the first difference of two files in words, or an empty text where there is none."""
    if not actual.is_file():
        return "the file is missing."
    before, after = expected.read_bytes(), actual.read_bytes()
    if before == after:
        return ""
    if expected.suffix.lower() == ".csv":
        return _of_tables(_text(before), _text(after), tolerance)
    if expected.suffix.lower() in LINES:
        return _of_lines(_text(before).splitlines(), _text(after).splitlines())
    return f"the bytes differ ({len(before)} expected, {len(after)} found)."


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _of_lines(before: Sequence[str], after: Sequence[str]) -> str:
    pairs = itertools.zip_longest(before, after, fillvalue=NO_LINE)
    for number, (expected, found) in enumerate(pairs, start=1):
        if expected != found:
            return f"line {number}: expected '{expected}', found '{found}'."
    return ""


def _of_tables(before: str, after: str, tolerance: float) -> str:
    rows, others = (list(csv.reader(io.StringIO(text))) for text in (before, after))
    pairs = itertools.zip_longest(rows, others, fillvalue=[NO_ROW])
    for number, (row, other) in enumerate(pairs, start=1):
        cells = itertools.zip_longest(row, other, fillvalue="no such cell")
        for column, (expected, found) in enumerate(cells):
            if not is_equal(expected, found, tolerance):
                place = rows[0][column] if rows and column < len(rows[0]) else f"{column + 1}"
                return f"row {number}, column '{place}': expected '{expected}', found '{found}'."
    return ""


def is_equal(expected: str, found: str, tolerance: float) -> bool:
    """Are two cells equal as texts, or as numbers that differ by the relative tolerance at most?"""
    if expected == found:
        return True
    try:
        numbers = float(expected), float(found)
    except ValueError:
        return False
    if any(map(math.isnan, numbers)):
        return all(map(math.isnan, numbers))
    return math.isclose(*numbers, rel_tol=0, abs_tol=tolerance * abs(numbers[0]))
