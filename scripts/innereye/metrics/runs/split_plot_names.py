"""Which box plots of all runs are there? Groups of structures and file names, known without data."""

from collections.abc import Iterable
from itertools import pairwise

from innereye.names import DICE

STRUCTURES_PER_PLOT = 7


def structure_groups(structures: Iterable[str]) -> list[list[str]]:
    """Return the structures of each plot: text order, at most 7 in a plot, plots of equal size.

    The plot k of p ends at k * n / p, half rounded up, for n structures. Without a structure there
    is one plot without any: it can still say that nothing came.
    """
    names = sorted(set(structures))
    plots = max(1, -(-len(names) // STRUCTURES_PER_PLOT))
    ends = [(2 * k * len(names) + plots) // (2 * plots) for k in range(plots + 1)]
    return [names[start:end] for start, end in pairwise(ends)]


def split_plot_names(metric: str, mode: str, structures: Iterable[str]) -> list[str]:
    """Return the file name of each plot of `structure_groups`, numbered from 1 if there are several.

    `Dice_Test_Splits.png`, but `HausdorffDistance_mm_Test_splits.png`: so are the original's names.
    """
    stem = f"{metric}_{mode}_{'Splits' if metric == DICE else 'splits'}"
    plots = len(structure_groups(structures))
    if plots == 1:
        return [f"{stem}.png"]
    return [f"{stem}_{number}.png" for number in range(1, plots + 1)]
