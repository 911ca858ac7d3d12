"""Which series and institution does each subject of a data set belong to? Its `dataset.csv` says."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from innereye.errors import InnerEyeError
from innereye.io.files import read_table
from innereye.metrics.columns import texts_of
from innereye.names import INSTITUTION, SERIES, SUBJECT

logger = logging.getLogger(__name__)

SUBJECTS_SHOWN = 5


@dataclass(frozen=True)
class SubjectIds:
    """Series and institution of each subject; empty where the table has no such column."""

    series: dict[str, str] = field(default_factory=dict)
    institution: dict[str, str] = field(default_factory=dict)


def read_subject_ids(dataset_csv: Path) -> SubjectIds:
    """Return the ids of all subjects of a dataset.csv.

    A subject may have several series, one for each channel, where one is to stand for it: the first
    in the order of the rows counts, and a warning says so. Another warning is given where several
    subjects share a series, since runs are compared by series.

    Raises:
        InnerEyeError: the file is missing, is no table, or has no column `subject`.
    """
    table = read_table(dataset_csv)
    if SUBJECT not in table:
        raise InnerEyeError(
            f"{dataset_csv} has no column {SUBJECT}; its columns are {', '.join(table.columns)}."
        )
    subjects = texts_of(table, SUBJECT)
    found: dict[str, dict[str, str]] = {}
    for column in (SERIES, INSTITUTION):
        values = texts_of(table, column) if column in table else [""] * len(subjects)
        found[column] = _first_values(subjects, values, what=f"{dataset_csv}, column {column}")
    _warn_of_shared_series(found[SERIES], dataset_csv)
    return SubjectIds(series=found[SERIES], institution=found[INSTITUTION])


def shown_subjects(subjects: list[str]) -> str:
    """Return the first subjects of a list and how many more there are."""
    more = len(subjects) - SUBJECTS_SHOWN
    text = ", ".join(subjects[:SUBJECTS_SHOWN])
    return f"{text} and {more} more" if more > 0 else text


def _first_values(subjects: list[str], values: list[str], *, what: str) -> dict[str, str]:
    """Return the first value of each subject that is not empty, in the order of the rows."""
    first = dict.fromkeys(subjects, "")
    several: list[str] = []
    for subject, value in dict.fromkeys(zip(subjects, values, strict=True)):
        if value and first[subject]:
            several.append(subject)
        first[subject] = first[subject] or value
    if several:
        text = "%s: subject(s) %s have more than one value; the first of each counts."
        logger.warning(text, what, shown_subjects(list(dict.fromkeys(several))))
    return first


def _warn_of_shared_series(series: dict[str, str], dataset_csv: Path) -> None:
    count = Counter(value for value in series.values() if value)
    shared = [subject for subject, value in series.items() if count[value] > 1]
    if shared:
        text = (
            "%s: subjects %s share a series with another subject, and runs are compared by series."
        )
        logger.warning(text, dataset_csv, shown_subjects(shared))
