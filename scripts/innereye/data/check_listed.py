"""Is a data set in the cloud sound, as far as its table and the list of its files tell?"""

from collections.abc import Mapping

import pandas as pd

from innereye.data.identities import FileState
from innereye.data.sheet import (
    REQUIRED_COLUMNS,
    ChannelLists,
    path_fault,
    sheet_faults,
    subjects_in_order,
)
from innereye.io.image import SUFFIXES
from innereye.names import CHANNEL, FILE_PATH, SUBJECT


def listed_faults(
    frame: pd.DataFrame, lists: ChannelLists, states: Mapping[str, FileState]
) -> list[str]:
    """Return all faults that the rows and the list of files show, in natural order of the subjects.

    `states` has the files that exist, by the path in the table. What only the images tell is checked
    where they are, before they are used.
    """
    faults = sheet_faults(frame, lists)
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
    if not path.lower().endswith(SUFFIXES):
        return "is not a NIfTI file; .nii.gz and .nii are allowed"
    if path not in states:
        return "does not exist"
    return "" if states[path].size else "is empty: it has no bytes"
