"""Which subjects stand behind a model? The part of a model card about its data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from innereye.io.files import read_table
from innereye.metrics.columns import texts_of
from innereye.names import CHANNEL, INSTITUTION, SPACING_ZYX_MM, SPLIT_CSV, SUBJECT, Split
from innereye.reports.markdown import escaped, table

SUBJECTS_SHOWN = 10
UNNAMED = "not named"


def read_parts(run_folder: Path, *, is_ensemble: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of Train, Val and Test; the members of an ensemble part Train and Val anew.

    Raises:
        DatasetError: a table is missing or cannot be read.
    """
    tables = {split: read_table(run_folder / SPLIT_CSV[split]) for split in Split}
    if not is_ensemble:
        return {str(split): rows for split, rows in tables.items()}
    parted = pd.concat([tables[Split.TRAIN], tables[Split.VAL]], ignore_index=True)
    return {"Train and Val": parted, str(Split.TEST): tables[Split.TEST]}


def parts_table(parts: Mapping[str, pd.DataFrame]) -> str:
    """Return the number of subjects of each part, and of those of each institution where named."""
    rows = []
    for name, rows_of_part in parts.items():
        institutions = institution_of(rows_of_part)
        counts = Counter(institutions.values()) if any(institutions.values()) else Counter()
        shown = ", ".join(f"{key or UNNAMED} {count}" for key, count in sorted(counts.items()))
        rows.append((name, str(len(subjects_of(rows_of_part))), shown or "-"))
    columns = ("Part", "Subjects", "Institutions and their subjects")
    return table(columns, rows, word_columns=3)


def subjects_of(rows: pd.DataFrame) -> list[str]:
    """Return the subjects of a table in order of appearance."""
    return list(dict.fromkeys(texts_of(rows, SUBJECT)))


def institution_of(rows: pd.DataFrame) -> dict[str, str]:
    """Return the institution of each subject; an empty text where none is named."""
    if INSTITUTION not in rows:
        return dict.fromkeys(subjects_of(rows), "")
    return dict(zip(texts_of(rows, SUBJECT), texts_of(rows, INSTITUTION), strict=True))


def masks_of(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the pairs of subject and channel that have a row."""
    return set(zip(texts_of(rows, SUBJECT), texts_of(rows, CHANNEL), strict=True))


def lacking_masks(
    parts: Mapping[str, pd.DataFrame], structures: Sequence[str]
) -> Iterator[tuple[str, str, list[str], int]]:
    """Give part, structure, subjects without its mask, and the number of subjects of the part."""
    for part, rows in parts.items():
        masks, subjects = masks_of(rows), subjects_of(rows)
        for structure in structures:
            lacking = [name for name in subjects if (name, structure) not in masks]
            if lacking:
                yield part, structure, lacking, len(subjects)


def spacings_of(manifests: Sequence[Path]) -> list[tuple[float, float, float]]:
    """Return the spacings (z, y, x) in mm that the segmented images have, in rising order."""
    texts = {text for path in manifests for text in texts_of(read_table(path), SPACING_ZYX_MM)}
    return sorted(spacing_from(text) for text in texts)


def spacing_from(text: str) -> tuple[float, float, float]:
    """Return the numbers of a field such as `3.0,1.0,1.0`."""
    z, y, x = (float(number) for number in text.split(","))
    return z, y, x


def listed(subjects: Sequence[str]) -> str:
    """Return the first subjects of a list as Markdown, and how many more there are."""
    more = len(subjects) - SUBJECTS_SHOWN
    shown = ", ".join(escaped(subject) for subject in subjects[:SUBJECTS_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
