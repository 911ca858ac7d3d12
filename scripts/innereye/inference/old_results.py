"""What did an earlier run leave in a folder of results? It goes; whatever else lies there stays."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from innereye.names import SEGMENTATION_NII, SEGMENTATIONS_CSV, subject_folder

VOLUMES = "*.nii.gz"
HALF_WRITTEN = ".*.nii.gz.*"  # what a killed job leaves of an atomic write


def remove_old_results(folder: Path, subjects: Iterable[str]) -> None:
    """Remove segmentations.csv and the volumes of `subjects` and of earlier subjects.

    Snakemake removes the list of an earlier run before the job starts, so the folder of an earlier
    subject is known by its segmentation. Only volumes are removed, and such a folder when nothing else
    is in it. The manifest goes first: a job that ends early leaves no list of volumes that are gone.
    """
    (folder / SEGMENTATIONS_CSV).unlink(missing_ok=True)
    names = {subject_folder(subject) for subject in subjects}
    names |= {volume.parent.name for volume in folder.glob(f"*/{SEGMENTATION_NII}")}
    for name in sorted(names):
        place = folder / name
        if place.is_dir() and not place.is_symlink():
            _remove_volumes(place)


def _remove_volumes(place: Path) -> None:
    for volume in place.glob(VOLUMES):
        if not volume.name.startswith(".") and not volume.is_dir():
            volume.unlink()
    for half in place.glob(HALF_WRITTEN):
        if half.is_dir() and not half.is_symlink():
            shutil.rmtree(half)
    if not any(place.iterdir()):
        place.rmdir()
