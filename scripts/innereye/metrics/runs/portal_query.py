"""Which query finds the scans of outliers in the archive that they came from?"""

import json

import pandas as pd

from innereye.names import INSTITUTION, PATIENT, SERIES, natural_key

START = "SELECT * FROM ROOT as r WHERE true"
INSTITUTION_FIELD = "r.InstitutionId"
SERIES_FIELD = "r.VersionedDicomImageSeries.Latest.Series.InstanceUID"


def portal_query(rows: pd.DataFrame) -> str:
    """Return the query for the institutions and series of the rows, each once, by patient.

    Empty ids say nothing and are left out; without any id there is no query but an empty text.
    """
    institutions = [f"{INSTITUTION_FIELD} = {name}" for name in _distinct(rows, INSTITUTION)]
    series = [f"STARTSWITH({SERIES_FIELD},{name})" for name in _distinct(rows, SERIES)]
    conditions = [f"({' OR '.join(found)})" for found in (institutions, series) if found]
    return " AND ".join([START, *conditions]) if conditions else ""


def _distinct(rows: pd.DataFrame, column: str) -> list[str]:
    """Return the ids of a column in the order of the patients, quoted."""
    if column not in rows:
        return []
    pairs = zip(rows[PATIENT], rows[column], strict=True)
    found = sorted({(str(patient), str(name)) for patient, name in pairs if name}, key=_by_patient)
    return [
        json.dumps(name, ensure_ascii=False) for name in dict.fromkeys(name for _, name in found)
    ]


def _by_patient(pair: tuple[str, str]) -> tuple[list[tuple[int, int, str]], str]:
    patient, name = pair
    return natural_key(patient), name
