"""Are the volumes of a segmentation run those that `segmentations.csv` lists?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from innereye.errors import ImageError, list_faults
from innereye.io.files import read_table
from innereye.names import FILE, SHA256, SUBJECT
from innereye.provenance.files import sha256_of


@dataclass(frozen=True)
class StoredVolume:
    """A volume that a segmentation run wrote for a subject."""

    subject: str
    path: Path
    sha256: str


def read_volumes(segmentations_csv: Path, file_name: str) -> dict[str, StoredVolume]:
    """Return, by subject, the volumes of one file name that a manifest lists; nothing is opened.

    Raises:
        ImageError: the manifest lacks a column.
    """
    table = read_table(segmentations_csv)
    if missing := [name for name in (SUBJECT, FILE, SHA256) if name not in table]:
        raise ImageError(
            f"{segmentations_csv} is not a manifest: the columns {', '.join(missing)} are missing."
        )
    return {
        subject: StoredVolume(subject, segmentations_csv.parent / file, sha256)
        for subject, file, sha256 in zip(table[SUBJECT], table[FILE], table[SHA256], strict=True)
        if PurePosixPath(file).name == file_name
    }


def checked_volumes(
    segmentations_csv: Path, file_name: str, *, subjects: Sequence[str]
) -> dict[str, StoredVolume]:
    """Return the volume of each subject after comparing its bytes with the manifest.

    Raises:
        ImageError: volumes that are not listed, missing, or changed; all of them at once.
    """
    volumes = read_volumes(segmentations_csv, file_name)
    faults: list[str] = []
    for subject in subjects:
        if subject not in volumes:
            faults.append(f"subject {subject}: {file_name} is not listed")
        elif not volumes[subject].path.is_file():
            faults.append(f"subject {subject}: {volumes[subject].path} is missing")
        elif sha256_of(volumes[subject].path) != volumes[subject].sha256:
            faults.append(f"subject {subject}: {volumes[subject].path} has changed since")
    if faults:
        title = f"The volumes do not match {segmentations_csv}; segment again (remove it, rerun):"
        raise ImageError(list_faults(title, faults))
    return {subject: volumes[subject] for subject in subjects}
