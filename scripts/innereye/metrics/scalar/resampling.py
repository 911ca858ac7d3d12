"""How much would a number differ with other subjects? The bootstrap, drawn by subject."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from innereye.metrics.columns import Values
from innereye.metrics.scalar.interval import CONFIDENCE, NO_INTERVAL, Interval

Rows = npt.NDArray[np.int64]
Statistics = Callable[[Rows], Mapping[str, float]]

RESAMPLES = 1000
SEED = 0
# With more resamples than this without a value, say of one class only, there are too few subjects.
MOST_WITHOUT_VALUE = 0.1


def resampled_rows(
    subjects: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Iterator[Rows]:
    """Give the row numbers of each resample: as many subjects as there are, drawn with replacement.

    `subjects`: the subject of each row. All rows of a subject come together, such as the outputs of
    several folds on it. The draws depend on the seed and the subjects, not on the order of rows.
    """
    names = np.asarray(subjects, dtype=object)
    order = np.argsort(names, kind="stable")
    counts = np.unique(names[order], return_counts=True)[1]
    rows_of = np.split(order, np.cumsum(counts)[:-1])
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn = generator.integers(0, len(rows_of), len(rows_of))
        # One row each is the usual case, and much faster.
        one_each = len(rows_of) == len(names)
        yield order[drawn] if one_each else np.concatenate([rows_of[place] for place in drawn])


def bootstrap(
    statistics: Statistics,
    subjects: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, Interval]:
    """Return the percentile interval of each statistic (Efron and Tibshirani 1993, chapter 13).

    `statistics` maps row numbers to named numbers. Resamples in which a number is NaN do not count;
    where they are more than a tenth, or with fewer than two subjects, there is no interval.
    """
    if len(set(subjects)) < 2:
        names = statistics(np.arange(len(subjects)))
        return dict.fromkeys(names, NO_INTERVAL)
    drawn: dict[str, list[float]] = {}
    for rows in resampled_rows(subjects, resamples=resamples, seed=seed):
        for name, value in statistics(rows).items():
            drawn.setdefault(name, []).append(value)
    return {name: percentile_interval(np.array(values)) for name, values in drawn.items()}


def percentile_interval(values: Values) -> Interval:
    """Return the middle 95 % of values, (R,); NaN left out, or no interval with too many of them."""
    present = values[~np.isnan(values)]
    if present.size < (1 - MOST_WITHOUT_VALUE) * values.size or not present.size:
        return NO_INTERVAL
    tail = (1 - CONFIDENCE) / 2
    with np.errstate(invalid="ignore"):  # between two infinite values
        low, high = np.quantile(present, (tail, 1 - tail))
    return Interval(float(low), float(high))
