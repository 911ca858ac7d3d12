"""What in a data set deserves a look before a model is trained on it?"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from innereye.names import CHANNEL, SUBJECT
from innereye.reports.described_dataset import (
    EMPTY,
    MISSING_SLICES,
    NO_ROW,
    PARTS,
    REACHES_EDGE,
    ROBUST_Z,
    SPLIT,
    STATE,
    STRUCTURE,
    UNUSUAL,
    VOLUME_ML,
    DescribedDataset,
)
from innereye.reports.score_tables import TextTable

NO_SPLIT = "-"
HEADS = {
    **{SUBJECT: "Subject", SPLIT: "Split", STRUCTURE: "Structure", CHANNEL: "Channel"},
    **{VOLUME_ML: "Volume in ml", ROBUST_Z: "Deviations from the median", PARTS: "Parts"},
    **{
        MISSING_SLICES: "Missing slices",
        "largest_part": "Share of the largest",
        UNUSUAL: "Unusual",
    },
    **{"p99": "99th percentile", "std": "Standard deviation", "median": "Median"},
}
DECIMALS = {ROBUST_Z: 1, PARTS: 0, "largest_part": 3}
# Why the findings in single rows of the table of structures matter.
WHY = {
    "Structures without a row": (
        "Training needs every structure of every subject, unless allow_incomplete_labels is set."
    ),
    "Empty structures": "The mask has no voxel: is the structure absent, or was it not drawn?",
    "Structures with missing slices": (
        "Slices between the first and the last one, counted from 0, without a voxel: drawn on every "
        "other slice, or in several parts?"
    ),
    "Unusual volumes": (
        "More than {outlier_range:g} robust standard deviations (outlier_range) from the structure's "
        "median, on a logarithmic scale."
    ),
    "Structures in several parts": (
        "Parts that do not touch each other, not even at a corner; small ones are often slips of the pen."
    ),
    "Structures at the edge of the image": "They end where the image ends: are they cut off?",
}


@dataclass(frozen=True)
class Finding:
    """One kind of thing that was found, why it matters, and where; a fault is wrong for certain."""

    title: str
    why: str
    table: TextTable
    is_fault: bool = False

    @property
    def count(self) -> int:
        """How often it was found."""
        return len(self.table.rows)


def findings_of(described: DescribedDataset) -> list[Finding]:
    """Return the kinds of things that were found at least once, faults first."""
    findings = [
        _row_faults(described),
        _file_faults(described),
        _identical(described),
        _alike(described),
        _overlaps(described),
        *_label_findings(described),
        _intensities(described),
        _spacings(described),
        _orientations(described),
    ]
    found = [finding for finding in findings if finding.count]
    return sorted(found, key=lambda finding: not finding.is_fault)


def _row_faults(described: DescribedDataset) -> Finding:
    rows = [(fault,) for fault in described.row_faults]
    return Finding(
        "Faults of the rows of dataset.csv",
        "No model can be trained before they are mended.",
        TextTable(("Fault",), rows),
        is_fault=True,
    )


def _file_faults(described: DescribedDataset) -> Finding:
    return Finding(
        "Faults of files",
        "The files of a subject lie on one grid and can be read; masks hold 0 and 1.",
        TextTable(("Subject", "Fault"), described.file_faults, word_columns=2),
        is_fault=True,
    )


def _identical(described: DescribedDataset) -> Finding:
    rows = [
        (
            ", ".join(f"{subject} ({channel})" for subject, channel in group),
            ", ".join(dict.fromkeys(described.split_of(name) or NO_SPLIT for name, _ in group)),
        )
        for group in described.identical
    ]
    return Finding(
        "The same scan under several names",
        "Equal voxel for voxel. A scan in two splits at once makes scores too good.",
        TextTable(("Subjects (channel)", "Splits"), rows, word_columns=2),
        is_fault=True,
    )


def _alike(described: DescribedDataset) -> Finding:
    known = {frozenset((a, b)) for group in described.identical for a, _ in group for b, _ in group}
    pairs = [pair for pair in described.alike if frozenset(pair[:2]) not in known]
    splits = [[described.split_of(name) or NO_SPLIT for name in pair[:2]] for pair in pairs]
    rows = [
        (first, second, one, other, f"{pair.correlation:.4f}")
        for (first, second, pair), (one, other) in zip(pairs, splits, strict=True)
    ]
    return Finding(
        "Scans that look alike",
        "Their first channels correlate, at 16 x 16 x 16 voxels, beyond what all scans have in common: "
        "one patient or one scan twice? The pairs in red lie in two splits; a group_column keeps such "
        "subjects together.",
        TextTable(
            ("Subject", "Looks like", "Split", "Split", "Correlation"),
            rows,
            word_columns=4,
            marked=tuple(index for index, (one, other) in enumerate(splits) if one != other),
        ),
    )


def _overlaps(described: DescribedDataset) -> Finding:
    rows = [
        (facts.subject, described.split_of(facts.subject) or NO_SPLIT, first, second, str(voxels))
        for facts in described.facts
        for (first, second), voxels in facts.overlaps.items()
    ]
    return Finding(
        "Structures that overlap",
        "A voxel of two structures is a fault of the data set unless check_exclusive=False.",
        TextTable(("Subject", "Split", "Structure", "And", "Voxels"), rows, word_columns=4),
        is_fault=described.check_exclusive,
    )


def _label_findings(described: DescribedDataset) -> list[Finding]:
    """Return what is found in single rows of the table of structures."""
    labels = described.labels
    if labels.empty:
        return []
    kinds = (
        ("Structures without a row", labels[STATE] == NO_ROW, ()),
        ("Empty structures", labels[STATE] == EMPTY, ()),
        ("Structures with missing slices", labels[MISSING_SLICES] != "", (MISSING_SLICES,)),
        ("Unusual volumes", labels[UNUSUAL] != "", (VOLUME_ML, ROBUST_Z)),
        ("Structures in several parts", labels[PARTS] > 1, (PARTS, "largest_part")),
        ("Structures at the edge of the image", labels[REACHES_EDGE] != "", (VOLUME_ML,)),
    )
    return [
        Finding(
            title,
            WHY[title].format(outlier_range=described.outlier_range),
            _rows_of(labels.loc[chosen], (SUBJECT, SPLIT, STRUCTURE), columns),
            is_fault=title == "Structures without a row" and not described.allow_incomplete_labels,
        )
        for title, chosen, columns in kinds
    ]


def _intensities(described: DescribedDataset) -> Finding:
    images = described.images
    return Finding(
        "Unusual intensities",
        f"Median, 99th percentile or standard deviation lie more than {described.outlier_range:g} robust "
        "standard deviations (outlier_range) from the median of the channel.",
        _rows_of(
            images.loc[images[UNUSUAL] != ""],
            (SUBJECT, SPLIT, CHANNEL, UNUSUAL),
            ("median", "p99", "std"),
        ),
    )


def _spacings(described: DescribedDataset) -> Finding:
    named = Counter({_spacing(mm): count for mm, count in described.spacings().items()})
    return Finding(
        "Several spacings",
        "A network sees voxels, not millimetres: resample_spacing_zyx_mm brings scans to one spacing.",
        _counts(named, "Spacing along z, y, x in mm"),
    )


def _orientations(described: DescribedDataset) -> Finding:
    return Finding(
        "Several orientations",
        "The axes of the images point to different sides of the patients, so a network sees some of them "
        "turned or mirrored.",
        _counts(described.orientations(), "Axes x, y, z point to"),
    )


def _spacing(spacing_zyx_mm: tuple[float, ...]) -> str:
    return ", ".join(f"{mm:g}" for mm in spacing_zyx_mm)


def _counts(counts: Counter[str], head: str) -> TextTable:
    """Return how many subjects have each value; no rows where all have the same one."""
    rows = [(name, str(count)) for name, count in counts.most_common()]
    return TextTable((head, "Subjects"), rows if len(counts) > 1 else [])


def _rows_of(frame: pd.DataFrame, words: tuple[str, ...], numbers: tuple[str, ...]) -> TextTable:
    columns = (*words, *numbers)
    rows = (
        [
            tuple(_cell(value, column) for value, column in zip(row, columns, strict=True))
            for row in frame.loc[:, list(columns)].itertuples(index=False)
        ]
        if len(frame)
        else []
    )
    return TextTable(tuple(HEADS[name] for name in columns), rows, word_columns=len(words))


def _cell(value: Hashable, column: str) -> str:
    if isinstance(value, str):
        return value or NO_SPLIT
    return f"{value:.{DECIMALS[column]}f}" if column in DECIMALS else f"{value:.4g}"
