"""Does an output of 0.8 come true in 8 of 10, before and after temperature scaling? A diagram."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innereye.metrics.columns import values_of
from innereye.metrics.scalar.calibration import reliability_table
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.temperature import calibrated
from innereye.reports.figures import BLUE, GREY, house_style, png_bytes

PANELS_INCHES = (8.6, 4.9)
HEIGHTS = (3, 1)


def reliability_png(rows: pd.DataFrame, *, temperature: float, plot_dpi: int) -> bytes:
    """Return the reliability of the labelled rows of a target as PNG, as they are and calibrated.

    Above, the part of positives in each of 15 bins of the output with its 95 % interval; below, how
    many subjects are in the bin.
    """
    labels, outputs = values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)
    after = calibrated(outputs, temperature=temperature)
    titles = {"As the model says": outputs, f"At temperature {temperature:.3g}": after}
    with house_style():
        figure = Figure(figsize=PANELS_INCHES, layout="constrained")
        panels = figure.subplots(2, 2, height_ratios=HEIGHTS, sharex="col", sharey="row")
        for column, (title, found) in enumerate(titles.items()):
            table = reliability_table(labels, found)
            _draw_rates(panels[0][column], table, title)
            _draw_counts(panels[1][column], table)
        panels[0][0].set_ylabel("Part of positives")
        panels[1][0].set_ylabel("Subjects")
        return png_bytes(figure, plot_dpi)


def _draw_rates(axes: Axes, table: pd.DataFrame, title: str) -> None:
    axes.plot((0, 1), (0, 1), color=GREY, linestyle="--", linewidth=0.9, label="perfect")
    x, rate = values_of(table, "mean_output"), values_of(table, "observed_rate")
    reach = np.abs(
        np.array([values_of(table, f"observed_{end}") - rate for end in ("low", "high")])
    )
    axes.errorbar(
        x, rate, yerr=reach, color=BLUE, marker="o", markersize=4, linewidth=1.2, elinewidth=0.8
    )
    axes.set(title=title, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.grid(visible=True)
    axes.legend(fontsize=7.5, loc="upper left")


def _draw_counts(axes: Axes, table: pd.DataFrame) -> None:
    low, high, count = (values_of(table, name) for name in ("bin_low", "bin_high", "count"))
    axes.bar(low, count, width=high - low, align="edge", color=BLUE, alpha=0.5, edgecolor="white")
    for left, right, number in zip(low, high, count, strict=True):
        if number:
            middle = (left + right) / 2
            axes.annotate(
                f"{number:.0f}",
                (middle, number),
                (0, 1),
                textcoords="offset points",
                fontsize=6.5,
                ha="center",
                va="bottom",
                color=GREY,
            )
    axes.set_xlabel("Model output")
    axes.margins(y=0.25)
