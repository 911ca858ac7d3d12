"""Which rows of the runs table does a test look at, and which subject is each of?"""

import pandas as pd

from innereye.metrics.columns import texts_of
from innereye.names import MODE, PATIENT, RUN_OF_ROW, SERIES

EVERY_MODE = "all"


def rows_of_subset(table: pd.DataFrame, subset: str) -> pd.DataFrame:
    """Return the rows whose mode is `subset`, in any case; all rows for `all`."""
    if subset.casefold() == EVERY_MODE:
        return table
    return table.loc[table[MODE].astype(str).str.casefold() == subset.casefold()]


def subject_keys(table: pd.DataFrame) -> list[str]:
    """Return row by row by what a subject is known across runs: seriesId, or Patient without one.

    The original took the empty seriesId itself for a key, which made all subjects one. Where a run
    has no seriesId at all, Patient is the key of all runs.
    """
    patients = texts_of(table, PATIENT)
    if SERIES not in table:
        return patients
    series = table[SERIES].fillna("").astype(str)
    if RUN_OF_ROW in table:
        runs = set(table[RUN_OF_ROW].astype(str))
        if runs - set(table.loc[series != "", RUN_OF_ROW].astype(str)):
            return patients
    return [own or patient for own, patient in zip(series, patients, strict=True)]
