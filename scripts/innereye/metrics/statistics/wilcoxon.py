"""What does InnerEye's own signed-rank test say of two models' scores of the same subjects?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

_MORE_DEPENDENT = frozenset({"skin", "external"})


@dataclass(frozen=True)
class WilcoxonScores:
    """Both models' scores of one structure; `higher_1` subjects have the higher score in run 1.

    `p` is one-sided: near 0 where run 2 scores lower than run 1, near 1 where it scores higher.
    """

    subjects: int
    higher_1: int
    higher_2: int
    mean_1: float
    mean_2: float
    median_1: float
    median_2: float
    z: float
    p: float


def adjustment_factor(structure: str, *, raw: bool = False) -> float:
    """Return by what z is divided: 2.0 for skin and external, 1.25 for the others, 1 where raw.

    Scores within one test set depend on each other. The original found these factors between models
    from identical code and data with different seeds.
    """
    if raw:
        return 1.0
    return 2.0 if structure.casefold() in _MORE_DEPENDENT else 1.25


def wilcoxon_scores(
    scores_1: Mapping[str, float], scores_2: Mapping[str, float], *, factor: float
) -> WilcoxonScores | None:
    """Compare the scores of the subjects that both models have (subject to score, no NaN).

    z has neither a correction for ties nor for continuity, as in the original; the table of
    `paired_tests` has the right p. None where no subject is shared.
    """
    shared = sorted(scores_1.keys() & scores_2.keys())
    if not shared:
        return None
    values_1 = np.array([scores_1[subject] for subject in shared], dtype=np.float64)
    values_2 = np.array([scores_2[subject] for subject in shared], dtype=np.float64)
    z = _z(values_2 - values_1)
    return WilcoxonScores(
        subjects=len(shared),
        higher_1=int((values_1 > values_2).sum()),
        higher_2=int((values_2 > values_1).sum()),
        mean_1=float(np.mean(values_1)),
        mean_2=float(np.mean(values_2)),
        median_1=float(np.median(values_1)),
        median_2=float(np.median(values_2)),
        z=z,
        p=float(special.ndtr(z / factor)),
    )


def _z(differences: np.ndarray) -> float:
    """Return the sum of signed midranks over its standard deviation, zeros left out (1945)."""
    untied = differences[differences != 0]
    count = len(untied)
    if count == 0:
        return 0.0
    signed_ranks = np.sign(untied) * stats.rankdata(np.abs(untied))
    return float(signed_ranks.sum()) / math.sqrt(count * (count + 1) * (2 * count + 1) / 6)
