"""Are the files that a job is about to read sound, where no earlier check could open them?

Here a data set is checked as a whole before any job. One that lies in the cloud only is seen as a list
until a job reaches it: on the node of a cluster, which mounts it.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from innereye.data.check_run import JobSettings, complete_list, faults_of, require_clean
from innereye.data.cloud_listing import HOW_TO_REACH_IMAGES
from innereye.data.dataset import read_dataset
from innereye.errors import DatasetError
from innereye.names import AZUREML_DATA, UNCHECKED_DATA

logger = logging.getLogger(__name__)

# Jobs that share a node share what they saw; hidden, as it is no result.
RECORD = Path(".snakemake/innereye/checked_files.json")
WORKERS = 4  # a mounted file is waited for longer than it is looked at


def check_before_reading(
    settings: JobSettings,
    tables: Sequence[Path],
    *,
    record_file: Path | None = None,
) -> None:
    """Open the files that the rows of some tables name, if no check has opened them.

    With `record_file` the whole data set is looked at again on this machine, where a check has a record
    of it; on a node that record is not at hand.

    Raises:
        DatasetError: all faults, or that the images lie elsewhere.
    """
    folder = settings.local_dataset
    if folder is None:
        raise DatasetError(f"The images of the data set lie in the cloud. {HOW_TO_REACH_IMAGES}")
    if AZUREML_DATA not in os.environ:
        if record_file is not None:
            require_clean(settings, record_file=record_file)
    elif os.environ.get(UNCHECKED_DATA) == str(folder):
        _check_rows(settings, tables, folder)


def _check_rows(settings: JobSettings, tables: Sequence[Path], folder: Path) -> None:
    frame = pd.concat([read_dataset(table) for table in tables])
    if frame.empty:  # a split may be
        return
    logger.info("The data set lies in the cloud: its images are checked before they are used.")
    if faults := faults_of(frame, settings, folder, RECORD, WORKERS):
        # Only the log comes back from a node, so it has them all.
        raise DatasetError(complete_list(faults, f"The data set in {folder}", None))
