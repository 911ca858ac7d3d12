"""How are Dice and Hausdorff distance spread over the subjects of a split?"""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innereye.io.files import read_table
from innereye.metrics.columns import Values, finite, texts_of, values_of
from innereye.metrics.metrics_csv import read_metrics
from innereye.names import DICE, HAUSDORFF, PATIENT, STRUCTURE, Split
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes, write_png

logger = logging.getLogger(__name__)

PANEL_INCHES = (5.0, 4.0)
LABEL_DEGREES = 75
TITLES = {DICE: "Dice score for {} set", HAUSDORFF: "Hausdorff distance for {} set"}
AXIS_LABELS = {DICE: "Dice", HAUSDORFF: "Hausdorff distance in mm"}
# The golden ratio spreads neighbours evenly and, unlike a random jitter, the same way each time.
GOLDEN_RATIO = 0.6180339887498949
POINTS_WIDTH = 0.3


def plot_metrics(
    *,
    metrics_csv: Path,
    split: Split,
    plot_dpi: int,
    png: Path,
    outliers_csv: Path | None = None,
) -> None:
    """Draw the scores of one split, Dice beside Hausdorff distance, into `metrics_boxplot.png`."""
    metrics = read_metrics(metrics_csv)
    outliers = None if outliers_csv is None else read_table(outliers_csv)
    picture = boxplot_png(metrics, split=split, plot_dpi=plot_dpi, outliers=outliers)
    write_png(png, picture)
    logger.info("Drew the scores of %d rows of the %s set.", len(metrics), split)


def boxplot_png(
    metrics: pd.DataFrame, *, split: Split, plot_dpi: int, outliers: pd.DataFrame | None = None
) -> bytes:
    """Return two panels of 5 x 4 inch side by side as PNG: Dice and Hausdorff distance.

    One box per structure (whiskers 1.5 times the interquartile range) and one point per subject;
    `outliers`, the table of `find_outliers`, are red and carry the subject's id. Infinite distances
    have no place on the axis; their number stands under the structure's name.
    """
    width, height = PANEL_INCHES
    with house_style():
        figure = Figure(figsize=(2 * width, height), layout="constrained")
        for axes, metric in zip(figure.subplots(1, 2), (DICE, HAUSDORFF), strict=True):
            axes.set_title(TITLES[metric].format(split))
            axes.set_ylabel(AXIS_LABELS[metric])
            axes.set_xlabel("Structure")
            if metrics.empty:
                _say(axes, "No subjects in this set")
                axes.set_xticks([])
            else:
                _draw_panel(axes, metrics, metric, _keys_of(outliers, metric))
        return png_bytes(figure, plot_dpi)


def _keys_of(outliers: pd.DataFrame | None, metric: str) -> set[tuple[str, str]]:
    if outliers is None:
        return set()
    found = outliers.loc[outliers["Metric"] == metric]
    return set(zip(texts_of(found, PATIENT), texts_of(found, STRUCTURE), strict=True))


def _draw_panel(
    axes: Axes, metrics: pd.DataFrame, metric: str, outliers: set[tuple[str, str]]
) -> None:
    labels: list[str] = []
    for position, structure in enumerate(dict.fromkeys(texts_of(metrics, STRUCTURE)), start=1):
        rows = metrics.loc[metrics[STRUCTURE] == structure]
        values = values_of(rows, metric)
        labels.append(_label(structure, values))
        shown = np.isfinite(values)
        if shown.any():
            subjects = np.asarray(texts_of(rows, PATIENT), dtype=object)[shown]
            names = [name if (name, structure) in outliers else "" for name in subjects]
            _draw_box(axes, position, values[shown], names)
    axes.set_xticks(
        range(1, len(labels) + 1),
        labels,
        rotation=LABEL_DEGREES,
        ha="right",
        va="center",
        rotation_mode="anchor",
    )
    axes.set_xlim(0.4, len(labels) + 0.6)
    axes.grid(True)
    _set_limits(axes, metric, finite(values_of(metrics, metric)))


def _draw_box(axes: Axes, position: int, values: Values, names: list[str]) -> None:
    """Draw a box and its points; points with a name are outliers."""
    axes.boxplot(
        [values],
        positions=[position],
        widths=0.55,
        showfliers=False,  # every subject is a point of its own already
        medianprops={"color": RED, "linewidth": 1.6},
        boxprops={"color": GREY},
        whiskerprops={"color": GREY},
        capprops={"color": GREY},
        manage_ticks=False,
    )
    spread = (np.arange(1, values.size + 1) * GOLDEN_RATIO) % 1.0 - 0.5
    x = position + POINTS_WIDTH * spread
    colours = [RED if name else BLUE for name in names]
    axes.scatter(x, values, s=12, c=colours, alpha=0.6, linewidths=0, zorder=3)
    for name, at in zip(names, zip(x, values, strict=True), strict=True):
        if name:
            axes.annotate(name, at, (4, 0), textcoords="offset points", fontsize=7, va="center")


def _label(structure: str, values: Values) -> str:
    infinite = int(np.isinf(values).sum())
    return f"{structure}\n({infinite} infinite)" if infinite else structure


def _set_limits(axes: Axes, metric: str, values: Values) -> None:
    if not values.size:
        axes.set_ylim(0.0, 1.0)
        _say(axes, "No finite values in this set")
    elif metric == DICE:
        low = max(0.0, np.floor(10.0 * values.min()) / 10.0)
        margin = 0.03 * (1.0 - low) or 0.03
        axes.set_ylim(low - margin, 1.0 + margin)
    else:
        top = max(float(values.max()), 1.0)
        axes.set_ylim(-0.03 * top, 1.05 * top)


def _say(axes: Axes, sentence: str) -> None:
    axes.text(0.5, 0.5, sentence, transform=axes.transAxes, ha="center", va="center", color=GREY)
    axes.set_yticks([])
