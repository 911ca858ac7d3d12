"""How did loss, Dice and learning rate go over the epochs of a training?"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from innereye.names import DICE, Split
from innereye.reports.epoch_tables import AVERAGE, EPOCH, LEARNING_RATE, LOSS, read_epoch_metrics
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes, write_png

PANEL_INCHES = (4.0, 3.2)
COLOURS = {Split.TRAIN: BLUE, Split.VAL: RED}


def plot_training(*, run_folder: Path, plot_dpi: int, png: Path) -> None:
    """Draw the course of a run's training into a picture."""
    tables = read_epoch_metrics(run_folder)
    write_png(png, learning_curves_png(tables, reported_epoch=None, plot_dpi=plot_dpi))


def learning_curves_png(
    epoch_metrics: Mapping[Split, pd.DataFrame], *, reported_epoch: int | None, plot_dpi: int
) -> bytes:
    """Return three panels as PNG: loss, quality, learning rate, each against finished epochs.

    The quality is Dice on crops, the area under the ROC curve, or the explained variance.

    epoch_metrics: the frames of Train/ and Val/epoch_metrics.csv, whose epochs count from 0; the
    axis counts finished epochs from 1, as the folders `epoch_NNN` do, and marks the reported one,
    where there is one.
    """
    with house_style():
        width, height = PANEL_INCHES
        figure = Figure(figsize=(3 * width, height), layout="constrained")
        loss, dice, rate = figure.subplots(1, 3)
        shown = _quality_of(epoch_metrics)
        for split, frame in epoch_metrics.items():
            _draw(loss, frame, LOSS, label=str(split), color=COLOURS[split])
            _draw(dice, frame, shown.column, label=f"{split}{shown.suffix}", color=COLOURS[split])
        _draw_structures(dice, epoch_metrics.get(Split.VAL))
        _draw(rate, epoch_metrics.get(Split.TRAIN), LEARNING_RATE, label=None, color=BLUE)
        _finish(loss, "Loss", reported_epoch)
        _finish(dice, shown.title, reported_epoch)
        _finish(rate, "Learning rate", reported_epoch)
        return png_bytes(figure, plot_dpi)


class Quality(NamedTuple):
    """What the middle panel shows: a column of the tables, its title, and what each line is called."""

    column: str
    title: str
    suffix: str = ""


OF_CROPS = Quality(AVERAGE, "Dice on crops", ", average")
OF_ITEMS = (
    Quality("area_under_roc_curve", "Area under the ROC curve"),
    Quality("explained_variance", "Explained variance"),
)


def _quality_of(tables: Mapping[Split, pd.DataFrame]) -> Quality:
    """Return the first quality that the tables have; with several targets that of the first one."""
    columns = [str(column) for table in tables.values() for column in table.columns]
    for quality in OF_ITEMS:
        found = [each for each in columns if each.partition("/")[0] == quality.column]
        if found:
            target = found[0].partition("/")[2]
            return Quality(found[0], quality.title, f", {target}" if target else "")
    return OF_CROPS


def _draw_structures(axes: Axes, frame: pd.DataFrame | None) -> None:
    if frame is None:
        return
    columns = [name for name in frame.columns if name.startswith(f"{DICE}/") and name != AVERAGE]
    for index, column in enumerate(columns):
        shade = 0.35 + 0.5 * index / max(1, len(columns))
        _draw(
            axes,
            frame,
            column,
            label=f"Val, {column.split('/', 1)[1]}",
            color=str(shade),
            thin=True,
        )


def _draw(
    axes: Axes,
    frame: pd.DataFrame | None,
    column: str,
    *,
    label: str | None,
    color: str,
    thin: bool = False,
) -> None:
    if frame is None or column not in frame.columns or frame.empty:
        return
    axes.plot(
        frame[EPOCH].to_numpy(int) + 1,
        frame[column].to_numpy(float),
        label=label,
        color=color,
        linewidth=0.9 if thin else 1.6,
        marker="o",
        # A short training would show nothing, a long one only blots, were all points alike.
        markersize=0.0 if len(frame) > 30 else 2.5,
    )


def _finish(axes: Axes, title: str, reported_epoch: int | None) -> None:
    axes.set_title(title)
    axes.set_xlabel("Finished epochs")
    axes.grid(True)
    is_empty = not _has_points(axes)
    if reported_epoch is not None:
        axes.axvline(reported_epoch, color=GREY, linestyle=":", linewidth=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=7)
    if is_empty:
        axes.text(0.5, 0.5, "No values", transform=axes.transAxes, ha="center", color=GREY)


def _has_points(axes: Axes) -> bool:
    return any(np.isfinite(np.asarray(line.get_ydata(), float)).any() for line in axes.lines)
