"""How does a file appear in a second place without its bytes being stored twice?"""

import os
import shutil
from pathlib import Path

from innereye.io.files import atomic_write


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
