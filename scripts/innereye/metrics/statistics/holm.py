"""Which of many differences are more than chance, when so many are looked at? Holm's correction."""

import numpy as np
from statsmodels.stats.multitest import multipletests

from innereye.metrics.columns import Values


def holm(p_values: Values) -> Values:
    """Return the p values of one family, one axis, corrected by Holm (1979): same shape, at most 1.

    A test below 0.05 here is one of a family in which any false finding has a chance of at most
    0.05, however the tests depend on each other. NaN was no test: it stays NaN and counts for none.
    """
    values = np.asarray(p_values, dtype=np.float64)
    corrected = np.full(values.shape, np.nan)
    tested = ~np.isnan(values)
    if tested.any():
        corrected[tested] = multipletests(values[tested], method="holm")[1]
    return corrected
