"""How near are the values of a regression to the true ones? Predicted against true, and the errors."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innereye.metrics.columns import Values, values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes

PANELS_INCHES = (8.6, 4.2)
MARGIN = 0.05
# Of normally distributed errors, 95 % lie within so many standard deviations (Bland, Altman 1986).
LIMITS = 1.96


def scatter_png(rows: pd.DataFrame, *, plot_dpi: int) -> bytes:
    """Return two panels as PNG: predicted over true values, and the error over their mean.

    The second is the plot of Bland and Altman: the mean error, and limits that hold 95 % of errors.
    """
    truth, found = values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)
    present = np.isfinite(truth) & np.isfinite(found)
    truth, found = truth[present], found[present]
    with house_style():
        figure = Figure(figsize=PANELS_INCHES, layout="constrained")
        values, errors = figure.subplots(1, 2)
        ends = _ends(np.concatenate([truth, found]))
        values.plot(ends, ends, color=GREY, linestyle="--", linewidth=0.9, label="perfect")
        values.scatter(truth, found, s=14, color=BLUE, alpha=0.6, linewidths=0)
        values.set(title="Predicted and true values", xlabel="True", ylabel="Predicted")
        values.set(xlim=ends, ylim=ends)
        values.set_aspect("equal")
        values.legend(fontsize=7.5, loc="upper left")
        error = found - truth
        errors.scatter((truth + found) / 2, error, s=14, color=BLUE, alpha=0.6, linewidths=0)
        errors.axhline(0, color=GREY, linestyle="--", linewidth=0.9)
        _draw_limits(errors, error)
        errors.set(title="Errors", xlabel="Mean of predicted and true", ylabel="Predicted - true")
        for axes in (values, errors):
            axes.grid(visible=True)
        return png_bytes(figure, plot_dpi)


def _draw_limits(axes: Axes, error: Values) -> None:
    if error.size < 2:
        return
    mean, spread = float(error.mean()), float(error.std(ddof=1))
    axes.axhline(mean, color=RED, linewidth=1.2, label=f"mean {mean:.4g}")
    label = f"mean ± 1.96 SD ({mean - LIMITS * spread:.4g} to {mean + LIMITS * spread:.4g})"
    for sign in (-1, 1):
        axes.axhline(
            mean + sign * LIMITS * spread,
            color=RED,
            linestyle=":",
            linewidth=1.2,
            label=label if sign > 0 else None,
        )
    axes.margins(y=0.15)
    axes.legend(fontsize=7.5, loc="best")


def _ends(values: Values) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin
