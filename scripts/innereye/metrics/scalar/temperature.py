"""How much too sure is a classifier? One temperature that is fitted on Val and applied to all."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from innereye.metrics.columns import Values
from innereye.metrics.scalar.calibration import brier_score, expected_calibration_error
from innereye.metrics.scalar.cross_entropy import (
    cross_entropy_of_logits,
    logits_of,
    posteriors_of,
)
from innereye.metrics.scalar.known_rows import Numbers, known_rows

# Where all labels lie on their side, any lower temperature would be better still.
LOWEST, HIGHEST = 0.01, 100.0
UNCHANGED = 1.0


@dataclass(frozen=True)
class Calibration:
    """How well posteriors are calibrated at a temperature."""

    temperature: float
    cross_entropy: float
    expected_calibration_error: float
    brier_score: float


def fit_temperature(labels: Numbers, logits: Numbers) -> float:
    """Return the temperature by which to divide logits, so that the cross entropy is least.

    Guo et al. (2017), for labels and logits (N,) of Val; between 0.01 and 100. With one class only,
    or an output that is not finite, nothing can be fitted: 1, which changes nothing.
    """
    truth, found = known_rows(labels, logits)
    if len(set(truth > 0.5)) < 2 or not np.isfinite(found).all():
        return UNCHANGED
    # In the inverse temperature the cross entropy is convex; its logarithm keeps both ends near.
    fit = minimize_scalar(
        lambda exponent: cross_entropy_of_logits(truth, found * math.exp(-exponent)),
        bounds=(math.log(LOWEST), math.log(HIGHEST)),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return math.exp(float(fit.x))


def calibrated(outputs: Numbers, *, temperature: float) -> Values:
    """Return posteriors at a temperature, any shape; their order stays as it is."""
    return posteriors_of(logits_of(outputs) / temperature)


def calibration(labels: Numbers, outputs: Numbers, *, temperature: float = 1.0) -> Calibration:
    """Return how well posteriors (N,) are calibrated at a temperature; 1 is before, a fit after."""
    logits = logits_of(outputs) / temperature
    posteriors = posteriors_of(logits)
    return Calibration(
        temperature=temperature,
        cross_entropy=cross_entropy_of_logits(labels, logits),
        expected_calibration_error=expected_calibration_error(labels, posteriors),
        brier_score=brier_score(labels, posteriors),
    )
