"""What did an earlier run leave in a folder of results? It goes; whatever else lies there stays."""

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from innereye.errors import DatasetError
from innereye.io.files import read_table
from innereye.names import FILE, SEGMENTATIONS_CSV, subject_folder

VOLUMES = "*.nii.gz"
HALF_WRITTEN = ".*.nii.gz.*"  # what a killed job leaves of an atomic write


def remove_old_results(folder: Path, subjects: Iterable[str]) -> None:
    """Remove segmentations.csv and the volumes of the subjects that it lists, and of `subjects`.

    Only volumes in folders of subjects are removed, and such a folder when nothing else is in it.
    The manifest goes first: a job that ends early leaves no list of volumes that are gone.
    """
    manifest = folder / SEGMENTATIONS_CSV
    names = {subject_folder(subject) for subject in subjects} | _listed_folders(manifest)
    manifest.unlink(missing_ok=True)
    for name in sorted(names):
        place = folder / name
        if place.is_dir() and not place.is_symlink():
            _remove_volumes(place)


def _listed_folders(manifest: Path) -> set[str]:
    if not manifest.is_file():
        return set()
    try:
        table = read_table(manifest)
    except DatasetError:  # a broken list names nothing
        return set()
    files = [PurePosixPath(file) for file in table[FILE]] if FILE in table else []
    return {
        file.parts[0] for file in files if len(file.parts) == 2 and file.parts[0] not in ("/", "..")
    }


def _remove_volumes(place: Path) -> None:
    for volume in place.glob(VOLUMES):
        if not volume.name.startswith(".") and not volume.is_dir():
            volume.unlink()
    for half in place.glob(HALF_WRITTEN):
        if half.is_dir() and not half.is_symlink():
            shutil.rmtree(half)
    if not any(place.iterdir()):
        place.rmdir()
