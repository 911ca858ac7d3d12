"""How are the scores of each structure spread over the subjects of each run, side by side?"""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.runs.split_plot_names import STRUCTURES_PER_PLOT, structure_groups
from innereye.names import (
    DICE,
    ENSEMBLE,
    HAUSDORFF,
    MEAN_DISTANCE,
    MODE,
    RUN_OF_ROW,
    STRUCTURE,
    natural_key,
)
from innereye.reports.figures import GREY, png_bytes, write_png
from innereye.reports.run_plots_style import (
    COLOURS,
    NOTE_POINTS,
    TICK_POINTS,
    TITLE_POINTS,
    inches_of,
    run_plots_style,
    say,
    wrapped,
)
from innereye.reports.split_boxes import (
    LINE,
    Band,
    Boxes,
    bands_above,
    box_positions,
    distance_limit,
    draw_band,
    draw_boxes,
)

logger = logging.getLogger(__name__)

FIGURE_INCHES = (15.7, 8.27)
# What is left of the width beside the names of the y axis.
AXES_INCHES = 14.3
AXIS_LABELS = {
    DICE: "Dice Score (%)",
    HAUSDORFF: "Hausdorff Distance (mm)",
    MEAN_DISTANCE: "Mean Distance (mm)",
}
DICE_LIMIT = 100.5
DICE_STEP = 5
MARGIN_INCHES = 0.12
LABEL_CHARACTERS = 44
LABEL_DEGREES = 25
# Colour patch and gaps of an entry of the legend.
LEGEND_ENTRY_INCHES = 0.75


def draw_split_plots(
    table: pd.DataFrame,
    *,
    metric: str,
    mode: str,
    structures: Iterable[str],
    paths: Sequence[Path],
    epoch: int | None = None,
    dpi: int = 150,
) -> None:
    """Draw one picture for each group of structures, into the paths of `split_plot_names`.

    table: the runs table, Dice in percent. Rows of other modes and structures are not drawn.
    """
    rows = table.loc[table[MODE] == mode]
    with run_plots_style():
        for group, path in zip(structure_groups(structures), paths, strict=True):
            figure = split_figure(rows, metric=metric, mode=mode, structures=group, epoch=epoch)
            write_png(path, png_bytes(figure, dpi))
    logger.info("Drew %s of %d rows of the %s set.", metric, len(rows), mode)


def split_figure(
    rows: pd.DataFrame, *, metric: str, mode: str, structures: Sequence[str], epoch: int | None
) -> Figure:
    """Return the picture of one group, 15.7 x 8.27 inch: a box for each structure in each run.

    No value vanishes: distances too large for the axis and infinite ones are counted above it,
    and a sentence under the title counts them and the missing ones.
    """
    runs = runs_in_order(texts_of(rows, RUN_OF_ROW))
    boxes = _boxes(rows, metric, structures, runs)
    figure = Figure(
        figsize=FIGURE_INCHES,
        layout=ConstrainedLayoutEngine(w_pad=MARGIN_INCHES, h_pad=MARGIN_INCHES),
    )
    bracket = "" if epoch is None else f" (Epoch {epoch})"
    title = f"Segmentation Results on {mode} Dataset{bracket}"
    figure.suptitle(title, fontsize=TITLE_POINTS)
    axes = figure.add_subplot()
    axes.set_ylabel(AXIS_LABELS[metric], fontsize=TITLE_POINTS)
    is_crossval = any(run.isdecimal() for run in runs) or not runs
    axes.set_xlabel("Cross-Validation Splits" if is_crossval else "Runs", fontsize=TITLE_POINTS)
    axes.tick_params(labelsize=TICK_POINTS)
    axes.grid(visible=True, axis="y")
    limit = DICE_LIMIT if metric == DICE else distance_limit(boxes)
    bands = bands_above(boxes, limit)
    _set_y_axis(axes, metric, limit, bands)
    if not runs:
        say(axes, f"There are no {mode} subjects.")
    elif all(np.isnan(values).all() for box in boxes for values in box.values):
        say(axes, f"These structures have no values in the {mode} set.")
    draw_boxes(axes, boxes, limit)
    for band in bands:
        draw_band(axes, boxes, band)
    axes.set_title(_note(boxes, bands), loc="right", fontsize=NOTE_POINTS, color=GREY)
    _set_x_axis(axes, runs)
    _add_legend(figure, boxes)
    return figure


def runs_in_order(runs: Iterable[str]) -> list[str]:
    """Return the names of the runs: folds by number, then the ensemble, then others by name."""
    names = sorted(set(runs), key=natural_key)
    folds = [name for name in names if name.isdecimal()]
    ensembles = [name for name in names if name == ENSEMBLE]
    return [*folds, *ensembles, *(name for name in names if name not in {*folds, *ensembles})]


def _boxes(
    rows: pd.DataFrame, metric: str, structures: Sequence[str], runs: Sequence[str]
) -> list[Boxes]:
    of_row = np.asarray(texts_of(rows, STRUCTURE), dtype=object)
    runs_of_row = np.asarray(texts_of(rows, RUN_OF_ROW), dtype=object)
    values = values_of(rows, metric)
    places, width = box_positions(len(runs), len(structures))
    return [
        Boxes(
            structure=structure,
            colour=COLOURS[index % len(COLOURS)],
            positions=places[index],
            width=width,
            values=tuple(values[(of_row == structure) & (runs_of_row == run)] for run in runs),
        )
        for index, structure in enumerate(structures)
    ]


def _set_y_axis(axes: Axes, metric: str, limit: float, bands: Sequence[Band]) -> None:
    if metric == DICE:
        axes.set_yticks(range(0, 101, DICE_STEP))
        axes.set_ylim(0.0, DICE_LIMIT)
        return
    steps = MaxNLocator(nbins=10, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, limit)
    ticks = [float(tick) for tick in steps if tick <= limit]
    heights = [band.middle for band in bands]
    labels = [*(f"{tick:g}" for tick in ticks), *(band.label for band in bands)]
    axes.set_yticks([*ticks, *heights], labels)
    axes.set_ylim(0.0, bands[-1].top if bands else limit)


def _note(boxes: Sequence[Boxes], bands: Sequence[Band]) -> str:
    """Return what is not on the axis, or nothing."""
    found = [
        f"{sum(sum(box.count(band.low, band.high)) for box in boxes)} {band.words}"
        for band in bands
    ]
    if found:
        found[-1] += " (the triangles and their numbers)"
    missing = sum(int(np.isnan(values).sum()) for box in boxes for values in box.values)
    if missing:
        found.append(f"{missing} missing")
    return f"Not on the axis: {', '.join(found)}" if found else ""


def _set_x_axis(axes: Axes, runs: Sequence[str]) -> None:
    axes.set_xlim(-0.5, max(len(runs), 1) - 0.5)
    for border in range(1, len(runs)):
        axes.axvline(border - 0.5, color="#dddddd", linewidth=0.7, zorder=0)
    labels = [wrapped(run, LABEL_CHARACTERS) for run in runs]
    room = AXES_INCHES / max(len(runs), 1)
    axes.set_xticks(range(len(runs)), labels)
    if any(inches_of(label, TICK_POINTS) > room for label in labels):
        axes.tick_params(axis="x", labelrotation=LABEL_DEGREES)
        for text in axes.get_xticklabels():
            text.set(ha="right", rotation_mode="anchor", fontsize=NOTE_POINTS)


def _add_legend(figure: Figure, boxes: Sequence[Boxes]) -> None:
    labels = [wrapped(box.structure, LABEL_CHARACTERS) for box in boxes]
    widest = max((inches_of(label, TICK_POINTS) for label in labels), default=0.0)
    columns = int(FIGURE_INCHES[0] / (widest + LEGEND_ENTRY_INCHES))
    figure.legend(
        [Patch(facecolor=box.colour, edgecolor=LINE, linewidth=0.8) for box in boxes],
        labels,
        loc="outside lower center",
        ncols=max(1, min(columns, STRUCTURES_PER_PLOT, len(boxes))),
        fontsize=TICK_POINTS,
    )
