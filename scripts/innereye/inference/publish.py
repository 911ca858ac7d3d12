"""How do the ensemble's results appear where those of a single model would lie?"""

import logging
from pathlib import Path

from innereye.inference.old_results import remove_old_results
from innereye.io.links import copy_file, link_or_copy
from innereye.names import THUMBNAILS

LINKED = (".nii.gz", ".png")

logger = logging.getLogger(__name__)


def publish(source: Path, target: Path) -> None:
    """Show all files of a folder of results in another folder.

    Volumes and thumbnails, which no job declares, become hard links where there are any. What jobs
    declare is copied: Snakemake sets the times of a job's outputs, which a link would set for the
    ensemble's own files, too. Volumes and thumbnails that an earlier run left in `target` go; whatever
    else lies there stays.
    """
    remove_old_results(target, [])
    for old in (target / THUMBNAILS).glob("*.png"):
        old.unlink()
    files = sorted(path for path in source.rglob("*") if is_result(path, source))
    for path in files:
        is_linked = path.name.endswith(LINKED) and path.parent != source
        place = link_or_copy if is_linked else copy_file
        place(path, target / path.relative_to(source))
    logger.info("Published %d files of %s in %s.", len(files), source, target)


def is_result(path: Path, source: Path) -> bool:
    """Is this a file, and none that a job is writing or left behind half written?"""
    hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
    return path.is_file() and not hidden
