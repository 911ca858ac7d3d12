"""Is a data set in the cloud sound, as far as its table and the list of its files tell?"""

from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd

from innereye.data.identities import FileState
from innereye.data.sheet import (
    REQUIRED_COLUMNS,
    ChannelLists,
    path_fault,
    sheet_faults,
    subjects_in_order,
)
from innereye.io.location import ALLOWED, Kind, kind_of
from innereye.names import CHANNEL, FILE_PATH, SUBJECT

NO_FILE = "does not exist"


def listed_faults(
    frame: pd.DataFrame,
    lists: ChannelLists,
    states: Mapping[str, FileState],
    *,
    masks_required: bool = True,
) -> list[str]:
    """Return all faults that the rows and the list of files show, in natural order of the subjects.

    `states` has the files that exist, by the path in the table. Without `masks_required`, subjects may
    lack structures. What only the images tell is checked
    where they are, before they are used.
    """
    faults = sheet_faults(frame, lists, masks_required=masks_required)
    if any(column not in frame for column in REQUIRED_COLUMNS) or frame.empty:
        return faults
    rows: dict[tuple[str, str], str] = {}
    for subject, channel, path in zip(
        frame[SUBJECT], frame[CHANNEL], frame[FILE_PATH], strict=True
    ):
        rows.setdefault((subject, channel), path)
    for subject in subjects_in_order(frame):
        for channel in lists.needed:
            path = rows.get((subject, channel), "")
            if subject.strip() and path and not path_fault(path):
                fault = _file_fault(path, states)
                faults += [f"subject {subject}, channel '{channel}', {path}: {fault}"] * bool(fault)
    return faults


def _file_fault(path: str, states: Mapping[str, FileState]) -> str:
    """Return what the list says against a file, or nothing."""
    if path not in states:
        unknown = kind_of(path) is Kind.DICOM_FOLDER and PurePosixPath(path).suffix
        return f"is not a NIfTI file, nor of another known kind; {ALLOWED}" if unknown else NO_FILE
    return "" if states[path].size else "is empty: it has no bytes"
