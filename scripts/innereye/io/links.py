"""How does a file appear in a second place, without its bytes being stored twice where possible?"""

import logging
import os
import shutil
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from innereye.io.files import atomic_write

logger = logging.getLogger(__name__)


def link_or_copy(source: Path, target: Path) -> None:
    """Make a hard link where the file system has them and lets us, else a copy.

    A file at `target` is replaced; missing folders are made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        copy_file(source, target)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all; missing folders are made."""
    with atomic_write(target) as temporary:
        shutil.copyfile(source, temporary)


def copy_tree(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it."""
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        copy_file(source, target)


def move_beside(files: Sequence[Path], folder: Path) -> None:
    """Move files into a folder under their names; where one is taken, all get `_001`, `_002`, ...

    The number stands before the first dot: `segmentation_001.nii.gz`.
    """
    for number in count():
        names = [numbered(file.name, number) for file in files]
        if not any((folder / name).exists() for name in names):
            break
    for file, name in zip(files, names, strict=True):
        copy_file(file, folder / name)
        file.unlink()
        logger.info("Wrote %s.", folder / name)


def numbered(name: str, number: int) -> str:
    """Return a file name with a number before its first dot; 0 is none."""
    stem, dot, suffix = name.partition(".")
    return f"{stem}_{number:03d}{dot}{suffix}" if number else name
