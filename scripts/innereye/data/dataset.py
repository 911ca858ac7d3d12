"""Which files belong to which subject? The rows of dataset.csv, as text and as subjects."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from innereye.data.sheet import ChannelLists, sheet_faults, subjects_in_order
from innereye.errors import DatasetError, list_faults
from innereye.io.files import read_table
from innereye.io.location import exists, locate
from innereye.names import CHANNEL, FILE_PATH, INSTITUTION, SERIES, SUBJECT


@dataclass(frozen=True)
class Subject:
    """A subject and its files: images by channel, masks by structure, the valid-region mask.

    `structures` are those of the model, of which it may lack some.
    """

    subject: str
    images: dict[str, Path]
    masks: dict[str, Path]
    mask: Path | None = None
    series: str = ""
    institution: str = ""
    structures: tuple[str, ...] = ()

    @property
    def has_structure(self) -> tuple[bool, ...]:
        """Which structures of the model have a mask, in the order of their labels?"""
        return tuple(name in self.masks for name in self.structures)


def read_dataset(csv_path: Path) -> pd.DataFrame:
    """Return dataset.csv, every cell as text.

    Raises:
        DatasetError: the file is missing or is not a table.
    """
    return read_table(csv_path)


def read_subjects(
    frame: pd.DataFrame,
    *,
    root: Path,
    image_channels: Sequence[str],
    ground_truth_ids: Sequence[str],
    mask_id: str | None,
    masks_required: bool = True,
    extra_folders: Sequence[Path] = (),
) -> list[Subject]:
    """Return the subjects of a data set's rows, in natural order of their ids.

    `root` is the folder that filePath is relative to. Without `masks_required`, subjects may lack
    structures. Paths into extra data sets are below `extra_folders`. Nothing is opened:
    `check_dataset` looks into the files.

    Raises:
        DatasetError: all faults of the rows, and all files that do not exist.
    """
    lists = ChannelLists(tuple(image_channels), tuple(ground_truth_ids), mask_id)
    faults = sheet_faults(frame, lists, masks_required=masks_required)
    if faults:
        raise DatasetError(list_faults("The data set is not usable:", faults))
    groups = dict(list(frame.groupby(SUBJECT, sort=False)))
    folders = (root, extra_folders)
    subjects = [_subject(groups[subject], folders, lists) for subject in subjects_in_order(frame)]
    missing = [
        f"subject {subject.subject}, channel '{channel}': {path} does not exist"
        for subject in subjects
        for channel, path in _files(subject, mask_id)
        if not exists(path)
    ]
    if missing:
        raise DatasetError(list_faults("Files of the data set are missing:", missing))
    return subjects


def _subject(
    rows: pd.DataFrame, folders: tuple[Path, Sequence[Path]], lists: ChannelLists
) -> Subject:
    paths = {
        channel: locate(path, *folders)
        for channel, path in zip(rows[CHANNEL], rows[FILE_PATH], strict=True)
    }
    return Subject(
        subject=rows[SUBJECT].iloc[0],
        images={channel: paths[channel] for channel in lists.images},
        masks={name: paths[name] for name in lists.structures if name in paths},
        mask=paths[lists.mask] if lists.mask else None,
        series=_only_value(rows, SERIES),
        institution=_only_value(rows, INSTITUTION),
        structures=lists.structures,
    )


def _files(subject: Subject, mask_id: str | None) -> list[tuple[str, Path]]:
    region = [(mask_id or "", subject.mask)] if subject.mask else []
    return [*subject.images.items(), *subject.masks.items(), *region]


def _only_value(rows: pd.DataFrame, column: str) -> str:
    """Return the value of a column when all rows agree on it, else nothing."""
    values = set(rows[column]) if column in rows else set()
    return values.pop() if len(values) == 1 else ""
