"""How is a quantity drawn over the epochs of a training? One panel, epochs counted from 1."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from innereye.names import Split
from innereye.reports.epoch_tables import EPOCH
from innereye.reports.figures import BLUE, GREY, RED

PANEL_INCHES = (4.0, 3.2)
COLOURS = {Split.TRAIN: BLUE, Split.VAL: RED}


def draw_course(
    axes: Axes,
    frame: pd.DataFrame | None,
    column: str,
    *,
    label: str | None,
    color: str,
    thin: bool = False,
) -> None:
    """Draw a column of epoch_metrics.csv; nothing where the table lacks it."""
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


def finish_panel(axes: Axes, title: str, reported_epoch: int | None) -> None:
    """Name a panel and its axis, mark the reported epoch, and say so where no value was drawn."""
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
