"""How surprised is a classifier by the labels? Binary cross entropy, from posteriors or logits."""

import math

import numpy as np
from scipy.special import expit, logit, xlog1py, xlogy

from innereye.metrics.columns import Values
from innereye.metrics.scalar.known_rows import Numbers, known_rows

# The step of 32-bit numbers behind 1: a posterior that was rounded to 1 is no proof of certainty.
SMALLEST = float(np.finfo(np.float32).eps)


def cross_entropy(labels: Numbers, outputs: Numbers) -> float:
    """Return the mean of -log of the posterior of the true class, for labels and outputs (N,).

    Posteriors are held 1.2e-7 away from 0 and 1. Rows without a label are left out; NaN without any
    row, and where an output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    if not truth.size:
        return math.nan
    posterior = np.clip(found, SMALLEST, 1 - SMALLEST)
    return float(-np.mean(xlogy(truth, posterior) + xlog1py(1 - truth, -posterior)))


def cross_entropy_of_logits(labels: Numbers, logits: Numbers) -> float:
    """Return the same from logits (N,): exact however large they are."""
    truth, found = known_rows(labels, logits)
    if not truth.size:
        return math.nan
    against = np.where(truth > 0.5, -found, found)
    with np.errstate(invalid="ignore"):  # a logit that is NaN
        return float(np.mean(np.logaddexp(0, against)))


def posteriors_of(logits: Numbers) -> Values:
    """Return the posteriors of logits, any shape."""
    return expit(np.asarray(logits, dtype=np.float64))


def logits_of(posteriors: Numbers) -> Values:
    """Return the logits of posteriors, any shape, held 1.2e-7 away from 0 and 1."""
    return logit(np.clip(np.asarray(posteriors, dtype=np.float64), SMALLEST, 1 - SMALLEST))
