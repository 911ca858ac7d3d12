"""Which of two runs is better on which subject? One point for each subject and structure."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.statistics.scored_rows import EVERY_MODE, rows_of_subset, subject_keys
from innereye.names import DICE, MODE, RUN_OF_ROW, STRUCTURE, Split
from innereye.reports.figures import GREY, png_bytes, write_png
from innereye.reports.run_plots_style import (
    NOTE_POINTS,
    TICK_POINTS,
    TITLE_POINTS,
    inches_of,
    run_plots_style,
    say,
    wrapped,
)

logger = logging.getLogger(__name__)

FIGURE_INCHES = (17.0, 12.0)
# Width of the panel: that of the figure without the names of the y axis.
PANEL_INCHES = 15.6
HIGHEST = 100.0
# Room beside the box in parts of its side: for the legend on the left, and around.
LEGEND_ROOM = 0.20
MARGIN = 0.02
# Where a score that one of the two runs does not have is drawn: outside the box, in parts of its side.
OUTSIDE = 0.01
COLOURS = "bgrcmy"
MARKERS = "ov^sPDX"
SIDES = {"_l": "<", "_r": ">"}
NAME_CHARACTERS = 56
TITLE_CHARACTERS = 120
# Entries of the legend that fit below each other in its usual size.
LEGEND_ENTRIES = 45
LEGEND_POINTS = 10
LEGEND_MARK_INCHES = 0.5
# Size of a point in a picture of few and of many points.
MANY_POINTS = 2000
FEW_SIZE, MANY_SIZE = 6.0, 4.0


@dataclass(frozen=True)
class Mark:
    """How the points of a structure look."""

    colour: str
    marker: str
    filled: bool


@dataclass(frozen=True)
class Pair:
    """The scores of one structure for the subjects of both runs, in percent; NaN = no score."""

    structure: str
    x: Values
    y: Values

    @property
    def label(self) -> str:
        """Return the structure, and on how many subjects each of the runs is better."""
        return f"{self.structure}, {(self.x > self.y).sum()}:{(self.y > self.x).sum()}"


def draw_scatterplot(
    table: pd.DataFrame,
    x_run: str,
    y_run: str,
    path: Path,
    *,
    mode: str = Split.TEST,
    dpi: int = 150,
) -> None:
    """Draw the Dice of the subjects that two runs share into a picture of 17 x 12 inch.

    table: the runs table, Dice in percent. mode: in any case, or `all`.
    """
    pairs = paired_scores(rows_of_subset(table, mode), x_run, y_run)
    with run_plots_style():
        figure = scatter_figure(pairs, x_run, y_run, mode=mode)
        write_png(path, png_bytes(figure, dpi))
    logger.info("Drew %s beside %s: %d structures.", x_run, y_run, len(pairs))


def paired_scores(rows: pd.DataFrame, x_run: str, y_run: str) -> list[Pair]:
    """Return the scores of each structure that both runs have for the same subject.

    Structures and subjects are in text order. Of several rows of a subject in one mode the last
    counts; where neither run has a score, there is no pair.
    """
    x, y = _scores_of(rows, x_run), _scores_of(rows, y_run)
    found: dict[str, list[tuple[float, float]]] = {}
    for key in sorted(x.keys() & y.keys()):
        if not (math.isnan(x[key]) and math.isnan(y[key])):
            found.setdefault(key[0], []).append((x[key], y[key]))
    return [
        Pair(structure, *np.asarray(scores, dtype=np.float64).T)
        for structure, scores in found.items()
    ]


def _scores_of(rows: pd.DataFrame, run: str) -> dict[tuple[str, str, str], float]:
    """Return the Dice of each structure, mode and subject of a run."""
    of_run = rows.loc[rows[RUN_OF_ROW] == run]
    columns = texts_of(of_run, STRUCTURE), texts_of(of_run, MODE), subject_keys(of_run)
    return dict(zip(zip(*columns, strict=True), values_of(of_run, DICE).tolist(), strict=True))


def scatter_figure(pairs: Sequence[Pair], x_run: str, y_run: str, *, mode: str) -> Figure:
    """Return the picture: a point above the diagonal is a subject on which the y run is better."""
    figure = Figure(figsize=FIGURE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    title = f"Dice scores for {x_run} (x axis) and {y_run} (y axis)"
    axes.set_title(wrapped(title, TITLE_CHARACTERS), fontsize=TITLE_POINTS, pad=10)
    axes.set_xlabel(wrapped(f"Dice Score (%), {x_run}", TITLE_CHARACTERS), fontsize=TICK_POINTS)
    axes.set_ylabel(wrapped(f"Dice Score (%), {y_run}", TITLE_CHARACTERS), fontsize=TICK_POINTS)
    if not pairs:
        subject = "subject" if mode.casefold() == EVERY_MODE else f"{mode} subject"
        say(axes, f"No {subject} has scores in both runs.")
        axes.set_xticks([])
        axes.set_yticks([])
        return figure
    marks = marks_of([pair.structure for pair in pairs])
    size = FEW_SIZE if sum(pair.x.size for pair in pairs) <= MANY_POINTS else MANY_SIZE
    handles = [
        _draw_points(axes, pair, mark, size) for pair, mark in zip(pairs, marks, strict=True)
    ]
    labels = [wrapped(pair.label, NAME_CHARACTERS) for pair in pairs]
    points = LEGEND_POINTS * min(1.0, LEGEND_ENTRIES / len(labels))
    _draw_frame(axes, max(inches_of(label, points) for label in labels) + LEGEND_MARK_INCHES)
    axes.legend(
        handles,
        labels,
        loc="upper left",
        fontsize=points,
        borderaxespad=0.2,
        markerscale=FEW_SIZE / size,
    )
    axes.annotate(
        _note(pairs),
        (0.99 * HIGHEST, 0.01 * HIGHEST),
        ha="right",
        va="bottom",
        fontsize=NOTE_POINTS,
        color=GREY,
    )
    return figure


def marks_of(structures: Sequence[str]) -> list[Mark]:
    """Return the look of each structure, six colours with each marker in turn.

    The left and right ones of a pair (`_l`, `_r`) share a colour and point to their sides. As these
    have no other markers, every second round of the colours leaves them hollow.
    """
    marks: list[Mark] = []
    number = 0
    number_of: dict[str, int] = {}
    for structure in structures:
        stem, side = structure[:-2], structure[-2:]
        is_second = side == "_r" and f"{stem}_l" in number_of
        own = number_of[f"{stem}_l"] if is_second else number
        number_of[structure] = own
        number += not is_second
        turn = own // len(COLOURS)
        marker = SIDES.get(side, MARKERS[turn % len(MARKERS)])
        filled = side not in SIDES or turn % 2 == 0
        marks.append(Mark(COLOURS[own % len(COLOURS)], marker, filled))
    return marks


def _draw_points(axes: Axes, pair: Pair, mark: Mark, size: float) -> Line2D:
    """Draw the points of a structure at once; a missing score lies outside of the box."""
    x, y = (np.where(np.isnan(scores), -OUTSIDE * HIGHEST, scores) for scores in (pair.x, pair.y))
    (line,) = axes.plot(
        x,
        y,
        linestyle="",
        marker=mark.marker,
        markersize=size,
        color=mark.colour,
        markerfacecolor=mark.colour if mark.filled else "none",
        alpha=0.7,
        zorder=3,
    )
    return line


def _draw_frame(axes: Axes, legend_inches: float) -> None:
    """Draw the box and its diagonal; the room on the left of the box grows with the legend."""
    side = HIGHEST
    # The legend takes l inch of a panel of p inch for room + side + margin: solved for the room.
    wanted = legend_inches * (1 + MARGIN) / (PANEL_INCHES - legend_inches)
    room = max(LEGEND_ROOM, wanted)
    axes.plot([0, side], [0, side], color="black", linewidth=1.0, zorder=2)
    box = Rectangle((0, 0), side, side, fill=False, edgecolor="black", linewidth=1.0, zorder=2)
    axes.add_patch(box)
    axes.set_xlim(-room * side, (1 + MARGIN) * side)
    axes.set_ylim(-MARGIN * side, (1 + MARGIN) * side)
    ticks = np.linspace(0, side, 11)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    # On the left, the legend would lie between the box and its numbers.
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.tick_params(labelsize=TICK_POINTS, length=0)
    axes.spines[:].set_visible(False)


def _note(pairs: Sequence[Pair]) -> str:
    """Return how many points have no score in one of the runs, or nothing."""
    missing = sum(int((np.isnan(pair.x) | np.isnan(pair.y)).sum()) for pair in pairs)
    return f"Outside of the box: {missing} without a score in one of the runs" if missing else ""
