"""Which files hold the true masks of a split? The mask rows of its table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.errors import DatasetError, list_faults
from innereye.io.files import read_table
from innereye.io.location import exists, locate
from innereye.names import CHANNEL, FILE_PATH, SUBJECT, natural_key


def read_true_masks(
    split_csv: Path,
    *,
    root: Path,
    structures: Sequence[str],
    masks_required: bool = True,
    extra_folders: Sequence[Path] = (),
) -> dict[str, dict[str, Path]]:
    """Return the mask files by subject and structure, subjects in natural order of their ids.

    `root` is the folder that filePath is relative to; paths into extra data sets are below
    `extra_folders`. Without `masks_required`, subjects may lack structures.

    Raises:
        DatasetError: a column, a mask row or a mask file is missing, or a mask is listed twice.
    """
    table = read_table(split_csv)
    if missing := [name for name in (SUBJECT, CHANNEL, FILE_PATH) if name not in table]:
        raise DatasetError(f"{split_csv}: the columns {', '.join(missing)} are missing.")
    masks: dict[str, dict[str, Path]] = {
        subject: {}
        for subject in sorted(table[SUBJECT].unique(), key=lambda name: (natural_key(name), name))
    }
    faults: list[str] = []
    for subject, channel, path in zip(
        table[SUBJECT], table[CHANNEL], table[FILE_PATH], strict=True
    ):
        if channel in structures:
            if channel in masks[subject]:
                faults.append(f"subject {subject}: the mask '{channel}' is listed twice")
            masks[subject][channel] = locate(path, root, extra_folders)
    for subject, paths in masks.items():
        faults += _missing(subject, paths, structures if masks_required else list(paths))
    if faults:
        raise DatasetError(list_faults(f"{split_csv} cannot be scored:", faults))
    return masks


def _missing(subject: str, paths: Mapping[str, Path], structures: Sequence[str]) -> list[str]:
    faults: list[str] = []
    for structure in structures:
        if structure not in paths:
            faults.append(f"subject {subject}: the row of the mask '{structure}' is missing")
        elif not exists(paths[structure]):
            faults.append(f"subject {subject}: the mask {paths[structure]} does not exist")
    return faults
