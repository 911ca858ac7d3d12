"""Which subjects train, validate and test where each institution is parted on its own?"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from innereye.data.proportions import exact_ranges, original_ranges
from innereye.errors import DatasetError, list_faults
from innereye.names import INSTITUTION, SUBJECT

SMALLEST_DATA_SET = 3


@dataclass(frozen=True)
class InstitutionRules:
    """Which institutions and subjects are special: left out, or of use for Test only."""

    excluded: frozenset[str] = frozenset()
    test_only: frozenset[str] = frozenset()
    test_only_subjects: frozenset[str] = field(default=frozenset())
    subject_column: str = SUBJECT


def institution_ranges(
    frame: pd.DataFrame,
    proportions: tuple[float, float, float],
    rules: InstitutionRules,
    *,
    shuffle: bool,
    random_seed: int,
    exact: bool,
) -> tuple[list[str], list[str], list[str]]:
    """Return the subjects of Train, Test and Val, institution by institution in alphabetical order.

    `proportions` are those of Train, Test and Val. `exact` gives each split the nearest whole number of
    an institution's subjects; one with fewer subjects than splits follows the original's rule, which
    fills Train before Test and Test before Val.

    Raises:
        DatasetError: names are not present, a subject has several institutions, or there are fewer
            than three subjects.
    """
    subjects_of = _subjects_of(frame, rules)
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for institution in sorted(subjects_of.keys() - rules.excluded):
        subjects = subjects_of[institution]
        if institution in rules.test_only:
            parts[1].extend(subjects)
            continue
        if shuffle:
            # The original shuffles before it takes out the subjects for Test.
            random.Random(random_seed).shuffle(subjects)
        free = [subject for subject in subjects if subject not in rules.test_only_subjects]
        parts[1].extend(subject for subject in subjects if subject in rules.test_only_subjects)
        for part, found in zip(parts, _ranges(free, proportions, exact=exact), strict=True):
            part.extend(found)
    return parts


def _ranges(
    keys: list[str], proportions: tuple[float, float, float], *, exact: bool
) -> tuple[list[str], list[str], list[str]]:
    splits = sum(proportion > 0 for proportion in proportions)
    if exact and len(keys) >= splits:
        return exact_ranges(keys, *proportions)
    return original_ranges(keys, *proportions[:2])


def _subjects_of(frame: pd.DataFrame, rules: InstitutionRules) -> dict[str, list[str]]:
    """Return the subjects of each institution in order of appearance."""
    column = rules.subject_column
    pairs = dict.fromkeys(zip(frame[column], frame[INSTITUTION], strict=True))
    institutions_of: dict[str, list[str]] = {}
    for subject, institution in pairs:
        institutions_of.setdefault(subject, []).append(institution)
    if len(institutions_of) < SMALLEST_DATA_SET:
        raise DatasetError("Splitting by institutions needs at least 3 subjects.")
    faults = [
        f"{column} '{subject}' has several institutions: {', '.join(names)}"
        for subject, names in institutions_of.items()
        if len(names) > 1
    ]
    known = {institution for _, institution in pairs}
    faults += _unknown(INSTITUTION, rules.excluded | rules.test_only, known)
    faults += _unknown(column, rules.test_only_subjects, institutions_of)
    if faults:
        raise DatasetError(list_faults("The data set cannot be split by institutions:", faults))
    subjects_of: dict[str, list[str]] = {}
    for subject, (institution,) in institutions_of.items():
        subjects_of.setdefault(institution, []).append(subject)
    return subjects_of


def _unknown(column: str, names: Iterable[str], known: Iterable[str]) -> list[str]:
    missing = sorted(set(names) - set(known))
    return [f"{column} '{name}' is not present in the data set" for name in missing]
