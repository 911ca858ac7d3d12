"""Are the rows of dataset.csv sound, before any file is opened?"""

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from innereye.io.location import MALFORMED_PART, Kind, file_of, hdf5_part, kind_of, without_folder
from innereye.names import (
    BACKGROUND,
    CHANNEL,
    FILE_PATH,
    SUBJECT,
    THUMBNAILS,
    natural_key,
    subject_folder,
)

LONGEST_ID = 200
INCOMPLETE_HINT = "; with allow_incomplete_labels=True a subject may lack structures"
REQUIRED_COLUMNS = (SUBJECT, CHANNEL, FILE_PATH)


@dataclass(frozen=True)
class ChannelLists:
    """Which channels a model uses: image channels, structures, and the mask of the valid region."""

    images: tuple[str, ...]
    structures: tuple[str, ...]
    mask: str | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """All channels that a subject must have."""
        return tuple(dict.fromkeys((*self.images, *self.structures, *self.masks)))

    @property
    def masks(self) -> tuple[str, ...]:
        """The mask of the valid region, when there is one."""
        return (self.mask,) if self.mask else ()


def subjects_in_order(frame: pd.DataFrame) -> list[str]:
    """Return the distinct subjects of a data set in natural order of their ids."""
    return sorted(frame[SUBJECT].unique(), key=lambda subject: (natural_key(subject), subject))


def sheet_faults(
    frame: pd.DataFrame, lists: ChannelLists, *, masks_required: bool = True
) -> list[str]:
    """Return one sentence for each fault of the rows that a model uses."""
    missing = [column for column in REQUIRED_COLUMNS if column not in frame]
    if missing:
        allowed = ", ".join(REQUIRED_COLUMNS)
        return [
            f"column '{column}' is missing; the data set needs the columns {allowed}"
            for column in missing
        ]
    if frame.empty:
        return ["the data set has no rows"]
    return [
        *_list_faults(lists),
        *_id_faults(frame),
        *_row_faults(frame, lists, masks_required),
    ]


def _list_faults(lists: ChannelLists) -> list[str]:
    faults = [
        f"'{name}' is listed more than once in the same list of the model"
        for names in (lists.images, lists.structures)
        for name in _repeated(names)
    ]
    faults += [
        f"'{name}' is both an image channel and a structure of the model"
        for name in lists.images
        if name in lists.structures
    ]
    if not lists.images:
        faults.append("the model has no image channels")
    if BACKGROUND in lists.structures:
        faults.append(f"a structure cannot be named '{BACKGROUND}'; it is what the rest is called")
    return faults


def _id_faults(frame: pd.DataFrame) -> list[str]:
    """Ids must be there, free of stray spaces, and lead to folders that no file system confuses."""
    faults: list[str] = []
    folders: defaultdict[str, list[str]] = defaultdict(list)
    # Line 1 of the file holds the header.
    blank = [number for number, name in enumerate(frame[SUBJECT], start=2) if not name.strip()]
    if blank:
        faults.append(f"the subject is blank in {len(blank)} rows, first in row {blank[0]}")
    for subject in subjects_in_order(frame):
        if not subject.strip():
            continue
        if unsafe := _unsafe_id(subject):
            faults.append(f"subject {subject!r}: {unsafe}")
        folders[subject_folder(subject).casefold()].append(subject)
    for folder, subjects in folders.items():
        if len(subjects) > 1:
            names = ", ".join(f"'{subject}'" for subject in subjects)
            faults.append(f"subjects {names} would share the folder '{folder}'; rename all but one")
    return faults


def _unsafe_id(subject: str) -> str:
    if subject != subject.strip():
        return "the id has spaces at its ends"
    if ".." in subject.replace("\\", "/").split("/") or subject.startswith(("/", "\\")):
        return "the id reads like a path that leaves its folder"
    if subject_folder(subject) == THUMBNAILS:
        return "the results have a folder of that name"
    if len(subject.encode()) > LONGEST_ID:
        return f"the id is longer than {LONGEST_ID} bytes, too long for a folder"
    if not subject.isprintable():
        return "the id has characters that cannot be printed"
    return ""


def _row_faults(frame: pd.DataFrame, lists: ChannelLists, masks_required: bool) -> list[str]:
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, channel, path in zip(
        frame[SUBJECT], frame[CHANNEL], frame[FILE_PATH], strict=True
    ):
        found[subject][channel].append(path)
    faults: list[str] = []
    for subject in subjects_in_order(frame):
        if not subject.strip():
            continue
        for channel in lists.needed:
            where = f"subject {subject}, channel '{channel}'"
            paths = found[subject].get(channel, [])
            if not paths and channel not in lists.structures:
                faults.append(f"{where}: the row is missing")
            if not paths and channel in lists.structures and masks_required:
                faults.append(f"{where}: the row is missing{INCOMPLETE_HINT}")
            if len(paths) > 1:
                faults.append(
                    f"{where}: there are {len(paths)} rows ({', '.join(paths)}); one is allowed"
                )
            faults += [f"{where}: {fault}" for path in paths if (fault := path_fault(path))]
    return faults


def path_fault(path: str) -> str:
    """Return what is wrong with a filePath, or nothing; the file itself is not looked for."""
    if not path.strip():
        return "filePath is blank"
    if kind_of(path) is Kind.HDF5 and hdf5_part(path) is None:
        return MALFORMED_PART.format(path=path)
    plain = file_of(without_folder(path)).replace("\\", "/")
    if posixpath.isabs(plain) or plain[1:2] == ":":
        return f"{path} is an absolute path; give it relative to the data set's folder"
    if posixpath.normpath(plain).split("/")[0] == "..":
        return f"{path} leaves the data set's folder"
    return ""


def _repeated(names: Sequence[str] | Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
