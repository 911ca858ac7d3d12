"""Which runs are compared with which? The original's order, which its files show."""

from collections.abc import Collection, Sequence
from itertools import combinations


def tested_pairs(runs: Sequence[str], *, against: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the pairs (run 1, run 2) of the signed-rank test.

    Without `against` all pairs, in text order of the names. With it the second run of a pair is
    always one of `against`; these are compared with each other as well.
    """
    others = sorted(set(runs) - set(against))
    last = sorted(set(runs) & set(against))
    pairs = list(combinations(others + last, 2))
    return [pair for pair in pairs if not against or pair[1] in against]


def drawn_pairs(runs: Sequence[str], *, against: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the pairs (x axis, y axis) of the scatter plots.

    Names in text order, the first on the x axis; with `against` a pair has one of these on the y
    axis, or is left out.
    """
    pairs = []
    for first, second in combinations(sorted(set(runs)), 2):
        if not against or second in against:
            pairs.append((first, second))
        elif first in against:
            pairs.append((second, first))
    return pairs


def scatterplot_png(x_run: str, y_run: str) -> str:
    """Return the file name of a scatter plot: `<x run>_vs_<y run>.png`, colons as underscores."""
    return f"{x_run}_vs_{y_run}.png".replace(":", "_")
