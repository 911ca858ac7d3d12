"""Does the table of a scalar model pass the check? Then it goes into the run's folder."""

import logging
from pathlib import Path

import pandas as pd

from innereye.data.check_run import complete_list, turn
from innereye.data.cloud_listing import is_listed
from innereye.data.dataset import read_dataset
from innereye.data.identities import load_record, save_record
from innereye.data.scalar.check import ItemCheckSettings, check_items, listed_item_faults
from innereye.data.scalar.items import DroppedItem, log_dropped, table_of_dropped
from innereye.data.scalar.layout import Layout
from innereye.errors import DatasetError
from innereye.io.files import write_table

logger = logging.getLogger(__name__)


def check_item_run(
    table: Path,
    layout: Layout,
    settings: ItemCheckSettings,
    *,
    missing: str,
    record_file: Path,
    output: Path,
    dropped_csv: Path,
    workers: int,
) -> None:
    """Check a table and copy it into the run; `dropped_csv` names the subjects that are not used, and why.

    Raises:
        DatasetError: as `require_clean_items`.
    """
    frame, dropped = require_clean_items(
        table, layout, settings, missing=missing, record_file=record_file, workers=workers
    )
    subjects = len(set(frame[layout.subject_column]))
    log_dropped(dropped, subjects - len(dropped))
    write_table(dropped_csv, table_of_dropped(dropped, layout.subject_column))
    write_table(output, frame)
    logger.info("The data set has no faults: %d subjects.", subjects)


def require_clean_items(
    table: Path,
    layout: Layout,
    settings: ItemCheckSettings,
    *,
    record_file: Path,
    missing: str = "",
    workers: int = 1,
) -> tuple[pd.DataFrame, tuple[DroppedItem, ...]]:
    """Return the rows of a table without faults, and who of it is not used; what was seen is kept.

    `missing` is the sentence to show when the table is not there. Checks of several jobs take turns.

    Raises:
        DatasetError: all faults of the data set, or `missing`.
    """
    folder = table.parent
    if not table.is_file():
        raise DatasetError(missing or f"{folder} has no {table.name}.")
    frame = read_dataset(table)
    if is_listed(folder):
        faults, dropped = listed_item_faults(frame, layout, folder)
        place = f"{table}, copied from the cloud,"
    else:
        place = str(table)
        with turn(record_file):
            previous = load_record(record_file)
            result = check_items(
                frame, layout, root=folder, settings=settings, previous=previous, workers=workers
            )
            if result.record != previous:
                save_record(record_file, result.record)
        faults, dropped = result.faults, result.dropped
    if faults:
        raise DatasetError(complete_list(faults, place, record_file))
    return frame, dropped
