"""Which scores come from which institution? The groups that are compared within one run."""

import math
from collections import defaultdict

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.statistics.scored_rows import rows_of_subset
from innereye.names import INSTITUTION, RUN_OF_ROW, STRUCTURE

# Smaller groups say too little about an institution.
FEWEST_VALUES = 10

# run -> structure -> institution -> values
ScoresByInstitution = dict[str, dict[str, dict[str, Values]]]


def scores_by_institution(table: pd.DataFrame, metric: str, *, subset: str) -> ScoresByInstitution:
    """Return the values of a metric in the runs table, by run, structure and institution, sorted.

    `subset` is a mode in any case, or `all`. Missing values and rows without an institution are
    left out, then groups of fewer than ten values.
    """
    rows = rows_of_subset(table, subset)
    groups: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    keys = zip(
        *(texts_of(rows, name) for name in (RUN_OF_ROW, STRUCTURE, INSTITUTION)), strict=True
    )
    for key, value in zip(keys, values_of(rows, metric).tolist(), strict=True):
        if key[-1] and not math.isnan(value):
            groups[key].append(value)
    scores: ScoresByInstitution = {}
    for run, structure, institution in sorted(groups):
        values = groups[run, structure, institution]
        if len(values) >= FEWEST_VALUES:
            of_structure = scores.setdefault(run, {}).setdefault(structure, {})
            of_structure[institution] = np.array(values, dtype=np.float64)
    return scores
