"""How many subjects has a run, and in which splits? The tables in its folder, counted."""

from collections.abc import Mapping
from pathlib import Path

from innereye.io.files import read_table
from innereye.metrics.columns import texts_of
from innereye.names import SPLIT_CSV, SUBJECT, Split


def split_size(folder: Path, split: Split, *, subject_column: str = SUBJECT) -> int | None:
    """Return the number of subjects of a split, None where the run has no table of it."""
    path = folder / SPLIT_CSV[split]
    return len(set(texts_of(read_table(path), subject_column))) if path.is_file() else None


def sizes_in_words(sizes: Mapping[Split, int | None], *, is_ensemble: bool) -> str:
    """Return such as `Train 160, Val 20, Test 40`; an ensemble's members part Train and Val anew."""
    if is_ensemble:
        parted = (sizes[Split.TRAIN] or 0) + (sizes[Split.VAL] or 0)
        return f"Train and Val {parted}, Test {sizes[Split.TEST] or 0}"
    return ", ".join(f"{split} {size}" for split, size in sizes.items() if size is not None)
