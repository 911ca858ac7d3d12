"""Does a run's data set pass the check? Then its table goes into the run's folder."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.stages.check import CheckSettings
from innereye.configs.stages.score import ScoreSettings
from innereye.configs.stages.segment import SegmentSettings
from innereye.configs.stages.train import TrainSettings
from innereye.data.check import check_dataset
from innereye.data.check_listed import listed_faults
from innereye.data.cloud_listing import is_listed, listed_states
from innereye.data.extra_data import folders_in_use, read_all_rows
from innereye.data.identities import load_record, save_record
from innereye.data.sheet import ChannelLists
from innereye.errors import FAULTS_SHOWN, DatasetError, list_faults
from innereye.io.files import write_table
from innereye.names import FILE_PATH, SUBJECT

logger = logging.getLogger(__name__)

FAULTS_FILE = "dataset_faults.txt"
JobSettings = CheckSettings | TrainSettings | SegmentSettings | ScoreSettings
"""The settings of a job that reads the data set."""


def check_run(
    settings: CheckSettings, *, missing: str, record_file: Path, output: Path, workers: int
) -> None:
    """Check the data set and copy its table into the run, as `require_clean`."""
    frame = require_clean(settings, missing=missing, record_file=record_file, workers=workers)
    write_table(output, frame)
    logger.info("The data set has no faults: %d subjects.", frame[SUBJECT].nunique())


def require_clean(
    settings: JobSettings,
    *,
    record_file: Path,
    missing: str = "",
    workers: int = 1,
) -> pd.DataFrame:
    """Return the rows of a data set without faults; what was seen is kept for the next check.

    `missing` is the sentence to show when the folder of the data set is not there. Checks of several
    jobs take turns, so that no file is looked into twice.

    Raises:
        DatasetError: all faults of the data set, or `missing`.
    """
    folder = settings.local_dataset
    if folder is None or not (folder / settings.dataset_csv).is_file():
        raise DatasetError(missing or f"{folder} has no {settings.dataset_csv}.")
    table = folder / settings.dataset_csv
    frame = read_all_rows(folder, settings)
    if is_listed(folder):
        faults, place = faults_in_list(frame, settings, folder), f"{table}, copied from the cloud,"
    else:
        faults, place = faults_of(frame, settings, folder, record_file, workers), str(table)
    if faults:
        raise DatasetError(complete_list(faults, place, record_file))
    return frame


def faults_in_list(frame: pd.DataFrame, settings: DatasetFields, folder: Path) -> list[str]:
    """Return the faults of rows whose files lie in the cloud, as far as their list tells."""
    images, structures = tuple(settings.image_channels), tuple(settings.ground_truth_ids)
    lists = ChannelLists(images, structures, settings.mask_id)
    paths = list(frame[FILE_PATH]) if FILE_PATH in frame else []
    states = listed_states(paths, folder)
    return listed_faults(frame, lists, states, masks_required=not settings.allow_incomplete_labels)


def faults_of(
    frame: pd.DataFrame, settings: JobSettings, root: Path, record_file: Path, workers: int
) -> list[str]:
    """Return the faults of rows and of their files below `root`; what was seen goes into the record."""
    with turn(record_file):
        previous = load_record(record_file)
        result = check_dataset(
            frame,
            root=root,
            image_channels=settings.image_channels,
            ground_truth_ids=settings.ground_truth_ids,
            mask_id=settings.mask_id,
            check_exclusive=settings.check_exclusive,
            previous=previous,
            workers=workers,
            masks_required=not settings.allow_incomplete_labels,
            extra_folders=folders_in_use(settings),
            expected_spacing_xyz=settings.dataset_expected_spacing_xyz,
        )
        if result.record != previous:
            save_record(record_file, result.record)
    return result.faults


def complete_list(faults: list[str], place: str, record_file: Path | None) -> str:
    """Return the message of all faults; where they are many, a file beside the record has them all.

    Without a record the message itself has them all.
    """
    title = f"{place} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:"
    if record_file is None:
        return list_faults(title, faults, shown=len(faults))
    if len(faults) > FAULTS_SHOWN:
        complete = record_file.with_name(FAULTS_FILE)
        complete.parent.mkdir(parents=True, exist_ok=True)
        complete.write_text("\n".join(faults) + "\n", encoding="utf-8")
        title = f"{title[:-1]}, all of them listed in {complete}:"
    return list_faults(title, faults)


@contextmanager
def turn(record_file: Path) -> Iterator[None]:
    """Wait until no other job checks with this record; the lock goes with the process."""
    record_file.parent.mkdir(parents=True, exist_ok=True)
    with record_file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
