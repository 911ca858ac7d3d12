"""Which items does a table hold? One subject's label, features and image files each."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.data.scalar.files_by_name import FilesByName
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.one_hot import OneHotEncoder
from innereye.data.scalar.read_subject import SubjectReader
from innereye.data.scalar.rows import filtered, id_faults, rows_of_subjects, table_faults
from innereye.errors import DatasetError, list_faults
from innereye.names import REASON

NO_FILES = FilesByName(())
# How the fault of a table begins of which each subject lacks something.
NONE_IS_USABLE = "no subject can be used"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """What a network sees of a subject, and what it shall learn.

    `label` is float32 (T,), one value for each target. `numerical` and `categorical` are float32, one
    value for each column and channel, or category. `images` are the paths of the image channels,
    relative to the data set's folder, `metadata` the other cells of the label's row.
    """

    subject: str
    label: np.ndarray
    numerical: np.ndarray
    categorical: np.ndarray
    images: Mapping[str, str]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DroppedItem:
    """A subject that cannot be used, and what it lacks."""

    subject: str
    reason: str


@dataclass(frozen=True)
class ItemTable:
    """All that a table holds; `dropped` subjects lack something, `faults` are mistakes in it."""

    items: tuple[Item, ...] = ()
    dropped: tuple[DroppedItem, ...] = ()
    faults: tuple[str, ...] = ()


def fit_encoder(frame: pd.DataFrame, layout: Layout) -> OneHotEncoder:
    """Return the encoder for the categories of a whole data set, Test included: all that can come."""
    columns = [feature.column for feature in layout.categorical]
    return OneHotEncoder.fit(filtered(frame, layout), columns)


def parse_items(
    frame: pd.DataFrame,
    layout: Layout,
    *,
    encoder: OneHotEncoder | None = None,
    files: FilesByName = NO_FILES,
    labels_required: bool = True,
) -> ItemTable:
    """Return the items of a table in natural order of the subjects, all its faults, and what is dropped.

    No file is opened. `encoder` is that of the whole data set; None fits it to the table. `files` are
    those of the data set's folder where images are found by name. Without `labels_required` an
    unknown label is NaN, and no reason to drop the item. An empty table gives no items and one fault.
    """
    if faults := table_faults(frame, layout):
        return ItemTable(faults=tuple(faults))
    faults = id_faults(frame, layout)
    reader = SubjectReader(layout, encoder or fit_encoder(frame, layout), files, labels_required)
    items: list[Item] = []
    dropped: list[DroppedItem] = []
    for subject, rows in rows_of_subjects(frame, layout).items():
        if not subject.strip():
            continue
        found = reader.read(rows)
        faults += [f"subject {subject}{fault}" for fault in found.faults]
        if found.lacks:
            dropped.append(DroppedItem(subject, "; ".join(found.lacks)))
        elif not found.faults:
            items.append(Item(subject, **found.parts))
    if not items and not faults:
        reasons = list_faults("", [f"subject {each.subject}: {each.reason}" for each in dropped], 3)
        faults.append(f"{NONE_IS_USABLE}; each lacks something:{reasons}")
    return ItemTable(tuple(items), tuple(dropped), tuple(faults))


def read_items(
    frame: pd.DataFrame,
    layout: Layout,
    *,
    encoder: OneHotEncoder | None = None,
    files: FilesByName = NO_FILES,
    labels_required: bool = True,
) -> ItemTable:
    """Return the items of a table without faults, as `parse_items`; each dropped one is logged.

    A table without rows, such as an empty Test, has no items.

    Raises:
        DatasetError: all faults of the table.
    """
    if frame.empty:
        return ItemTable()
    table = parse_items(
        frame, layout, encoder=encoder, files=files, labels_required=labels_required
    )
    if table.faults:
        raise DatasetError(list_faults("The data set is not usable:", table.faults))
    log_dropped(table.dropped, len(table.items))
    return table


def log_dropped(dropped: Sequence[DroppedItem], kept: int) -> None:
    """Name each subject that is not used, and why."""
    if dropped:
        logger.warning("%d of %d subjects are not used:", len(dropped), len(dropped) + kept)
    for each in dropped:
        logger.warning("  subject %s: %s.", each.subject, each.reason)


def table_of_dropped(dropped: Sequence[DroppedItem], subject_column: str) -> pd.DataFrame:
    """Return the dropped subjects and the reasons as a table."""
    rows = [(each.subject, each.reason) for each in dropped]
    return pd.DataFrame(rows, columns=[subject_column, REASON], dtype=object)


def files_of(item: Item, root: Path) -> dict[str, Path]:
    """Return the places of the images of an item below the data set's folder."""
    return {channel: root / path for channel, path in item.images.items()}
