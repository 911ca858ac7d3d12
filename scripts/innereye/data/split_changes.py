"""What moved between the splits that an earlier call left in its run folders and those of today?"""

import csv
from collections import defaultdict
from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path, PurePosixPath

from innereye.data.splits import DatasetSplits
from innereye.names import SPLIT_CSV, Split, natural_key

NAMES_SHOWN = 5
FOLDERS_SHOWN = 10


def split_changes(run_folder_tables: Mapping[str, DatasetSplits]) -> list[str]:
    """Return a sentence for each way in which run folders differ from the splits planned for them.

    `run_folder_tables` has the planned splits by run folder. Folders with the same change share a
    sentence, such as `outputs/CrossValResults/0, 2: Train gains 41; Val loses 7.` Tables that are
    not there, or that hold what is planned, give none.
    """
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for folder, planned in run_folder_tables.items():
        parts = [
            part
            for split in (Split.TRAIN, Split.VAL, Split.TEST)
            if (part := _change(Path(folder) / SPLIT_CSV[split], planned, split))
        ]
        if parts:
            folders["; ".join(parts)].append(folder)
    return [f"{_named_folders(names)}: {change}." for change, names in folders.items()]


def _change(path: Path, planned: DatasetSplits, split: Split) -> str:
    """Return what changes in one table, or nothing."""
    if not path.is_file():
        return ""
    old = path.read_bytes()
    new = planned[split].to_csv(index=False, lineterminator="\n")
    if old == new.encode():
        return ""
    # Whatever became of the old table, it is only told about: no byte of it may stop the run.
    column = planned.subject_column
    return _difference(
        split, column, _cells(old.decode("utf-8-sig", errors="replace")), _cells(new)
    )


def _difference(
    split: Split, subject_column: str, old: list[list[str]], new: list[list[str]]
) -> str:
    """Return what a split gains and loses; where its subjects stay, whether their rows differ."""
    before, after = _rows_by_subject(old, subject_column), _rows_by_subject(new, subject_column)
    verbs = {"gains": after.keys() - before.keys(), "loses": before.keys() - after.keys()}
    moved = [f"{verb} {_few(names)}" for verb, names in verbs.items() if names]
    kept = before.keys() & after.keys()
    if kept and old[0] != new[0]:
        moved.append("has other columns")
    elif other := {name for name in kept if _differ(before[name], after[name])}:
        moved.append(f"has other rows for {_few(other)}")
    elif not moved and old != new:
        moved.append("has its rows in another order")
    return f"{split} {' and '.join(moved)}" if moved else ""


def _differ(before: list[list[str]], after: list[list[str]]) -> bool:
    """Do these rows differ in more than their order?"""
    return before != after and sorted(before) != sorted(after)


def _cells(text: str) -> list[list[str]]:
    """Return the cells of a table of comma-separated values, its header first."""
    try:
        return list(csv.reader(StringIO(text, newline="")))
    except csv.Error:  # a damaged table counts as an empty one: the split gains all its subjects
        return []


def _rows_by_subject(cells: list[list[str]], subject_column: str) -> dict[str, list[list[str]]]:
    """Return the rows of each subject; none where the table has no such column."""
    if not cells or subject_column not in cells[0]:
        return {}
    column = cells[0].index(subject_column)
    rows: defaultdict[str, list[list[str]]] = defaultdict(list)
    for row in cells[1:]:
        if len(row) > column:
            rows[row[column]].append(row)
    return dict(rows)


def _few(names: Collection[str], shown: int = NAMES_SHOWN) -> str:
    """Return the first names in natural order, and the number of the others."""
    ordered = sorted(names, key=lambda name: (natural_key(name), name))
    rest = len(ordered) - shown
    return ", ".join(ordered[:shown]) + (f" and {rest} more" if rest > 0 else "")


def _named_folders(folders: list[str]) -> str:
    """Return folders in one phrase; those that lie together name their parent once."""
    paths = [PurePosixPath(folder) for folder in folders]
    if len({path.parent for path in paths}) > 1:
        return ", ".join(folders)
    return str(paths[0].parent / _few([path.name for path in paths], FOLDERS_SHOWN))
