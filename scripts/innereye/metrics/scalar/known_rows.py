"""Which rows count in a metric? Those whose label is known."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from innereye.metrics.columns import Values

Numbers: TypeAlias = npt.ArrayLike


def known_rows(labels: Numbers, outputs: Numbers) -> tuple[Values, Values]:
    """Return the labels and outputs, (N,) each, of the rows whose label is not NaN.

    Raises:
        ValueError: not one output for each label.
    """
    truth = np.asarray(labels, dtype=np.float64)
    found = np.asarray(outputs, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != found.shape:
        raise ValueError(f"labels {truth.shape} and outputs {found.shape} are not (N,) and (N,)")
    is_known = ~np.isnan(truth)
    return truth[is_known], found[is_known]


def as_float32(outputs: Values) -> npt.NDArray[np.float32]:
    """Return posteriors as a network computes them: ties and thresholds are those of 32 bits."""
    with np.errstate(over="ignore"):
        return outputs.astype(np.float32)
