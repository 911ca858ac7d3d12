"""How did loss, Dice and learning rate go over the epochs of a training?"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innereye.names import DICE, Split
from innereye.reports.epoch_panels import COLOURS, PANEL_INCHES, draw_course, finish_panel
from innereye.reports.epoch_tables import AVERAGE, LEARNING_RATE, LOSS, read_epoch_metrics
from innereye.reports.figures import BLUE, house_style, png_bytes, write_png


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
            draw_course(loss, frame, LOSS, label=str(split), color=COLOURS[split])
            draw_course(
                dice, frame, shown.column, label=f"{split}{shown.suffix}", color=COLOURS[split]
            )
        _draw_structures(dice, epoch_metrics.get(Split.VAL))
        draw_course(rate, epoch_metrics.get(Split.TRAIN), LEARNING_RATE, label=None, color=BLUE)
        finish_panel(loss, "Loss", reported_epoch)
        finish_panel(dice, shown.title, reported_epoch)
        finish_panel(rate, "Learning rate", reported_epoch)
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
        draw_course(
            axes,
            frame,
            column,
            label=f"Val, {column.split('/', 1)[1]}",
            color=str(shade),
            thin=True,
        )
