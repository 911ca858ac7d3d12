"""How did loss, Dice and learning rate go over the epochs of a training?"""

from collections.abc import Mapping
from pathlib import Path

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
    """Return three panels as PNG: loss, Dice on crops, learning rate, each against finished epochs.

    epoch_metrics: the frames of Train/ and Val/epoch_metrics.csv, whose epochs count from 0; the
    axis counts finished epochs from 1, as the folders `epoch_NNN` do, and marks the reported one,
    where there is one.
    """
    with house_style():
        width, height = PANEL_INCHES
        figure = Figure(figsize=(3 * width, height), layout="constrained")
        loss, dice, rate = figure.subplots(1, 3)
        for split, frame in epoch_metrics.items():
            draw_course(loss, frame, LOSS, label=str(split), color=COLOURS[split])
            draw_course(dice, frame, AVERAGE, label=f"{split}, average", color=COLOURS[split])
        _draw_structures(dice, epoch_metrics.get(Split.VAL))
        draw_course(rate, epoch_metrics.get(Split.TRAIN), LEARNING_RATE, label=None, color=BLUE)
        finish_panel(loss, "Loss", reported_epoch)
        finish_panel(dice, "Dice on crops", reported_epoch)
        finish_panel(rate, "Learning rate", reported_epoch)
        return png_bytes(figure, plot_dpi)


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
