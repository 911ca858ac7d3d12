"""Does a run's data set pass the check? Then its table goes into the run's folder."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from innereye.configs.stages.check import CheckSettings
from innereye.configs.stages.score import ScoreSettings
from innereye.data.check import check_dataset
from innereye.data.dataset import read_dataset
from innereye.data.identities import load_record, save_record
from innereye.errors import FAULTS_SHOWN, DatasetError, list_faults
from innereye.io.files import write_table
from innereye.names import SUBJECT

logger = logging.getLogger(__name__)

FAULTS_FILE = "dataset_faults.txt"


def check_run(
    settings: CheckSettings, *, missing: str, record_file: Path, output: Path, workers: int
) -> None:
    """Check the data set and copy its table into the run, as `require_clean`."""
    frame = require_clean(settings, missing=missing, record_file=record_file, workers=workers)
    write_table(output, frame)
    logger.info("The data set has no faults: %d subjects.", frame[SUBJECT].nunique())


def require_clean(
    settings: CheckSettings | ScoreSettings,
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
    frame = read_dataset(folder / settings.dataset_csv)
    with turn(record_file):
        previous = load_record(record_file)
        result = check_dataset(
            frame,
            root=folder,
            image_channels=settings.image_channels,
            ground_truth_ids=settings.ground_truth_ids,
            mask_id=settings.mask_id,
            check_exclusive=settings.check_exclusive,
            previous=previous,
            workers=workers,
        )
        if result.record != previous:
            save_record(record_file, result.record)
    if result.faults:
        raise DatasetError(complete_list(result.faults, folder / settings.dataset_csv, record_file))
    return frame


def complete_list(faults: list[str], table: Path, record_file: Path) -> str:
    """Return the message of all faults; where they are many, a file beside the record has them all."""
    title = f"{table} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:"
    if len(faults) > FAULTS_SHOWN:
        complete = record_file.with_name(FAULTS_FILE)
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
