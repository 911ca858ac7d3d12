"""Which pictures are there already? Thumbnails that were drawn where the images lie, for use elsewhere."""

import logging
import shutil
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from innereye.io.files import read_table, write_table
from innereye.names import FILE, SUBJECT, THUMBNAILS_CSV

logger = logging.getLogger(__name__)


def volumes_are_elsewhere(segmentations_csv: Path) -> bool:
    """Is not one of the listed volumes here, because all of them stayed where they were made?"""
    files = read_table(segmentations_csv)[FILE]
    return len(files) > 0 and not any((segmentations_csv.parent / name).is_file() for name in files)


def copy_thumbnails(source: Path, folder: Path, *, subjects: Collection[str]) -> None:
    """Copy the pictures of some subjects with their list; the folder is written anew as a whole.

    Where none were drawn, the folder is taken away, and that is logged.
    """
    if not (source / THUMBNAILS_CSV).is_file():
        logger.warning("The volumes lie in the cloud, and %s has no pictures to show.", source)
        shutil.rmtree(folder, ignore_errors=True)
        return
    index = read_table(source / THUMBNAILS_CSV)
    rows = index.loc[index[SUBJECT].isin(list(subjects))]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        copied = Path(temporary) / folder.name
        copied.mkdir()
        for file in rows[FILE]:
            shutil.copyfile(source / file, copied / file)
        write_table(copied / THUMBNAILS_CSV, rows)
        shutil.rmtree(folder, ignore_errors=True)
        copied.rename(folder)
