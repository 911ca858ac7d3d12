"""How do the ROC and PR curves of a target look, and how sure are they? Two panels with bands."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.scalar.binary import confusion, ratio
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.curve_bands import PR, ROC, CurveKind, fold_band, subject_band
from innereye.metrics.scalar.operating_points import Curve, operating_points
from innereye.names import SUBJECT
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes

PANELS_INCHES = (8.6, 4.2)
KINDS: tuple[tuple[CurveKind, str, str, str], ...] = (
    (ROC, "ROC curve", "False positive rate", "True positive rate"),
    (PR, "PR curve", "Recall", "Precision"),
)
# A line in each of so many colours; more folds than these share them.
FOLD_COLOURS = ("#2b6ca3", "#d98e04", "#3d8b5f", "#8e4a9e", "#b3261e", "#5f6368")


@dataclass(frozen=True)
class MarkedPoint:
    """Where a threshold lies on both curves."""

    false_positive_rate: float
    recall: float
    precision: float


def curves_png(rows: pd.DataFrame, *, threshold: float, resamples: int, plot_dpi: int) -> bytes:
    """Return the curves of the labelled rows of a target as PNG, with 95 % bands over subjects.

    The point of the threshold is marked; dashed lines are what chance gives.
    """
    labels, outputs = values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)
    point = _marked_point(labels, outputs, threshold)
    places = ((point.false_positive_rate, point.recall), (point.recall, point.precision))
    with house_style():
        figure = Figure(figsize=PANELS_INCHES, layout="constrained")
        for axes, (kind, *words), place in zip(figure.subplots(1, 2), KINDS, places, strict=True):
            curve = kind(operating_points(labels, outputs))
            subjects = texts_of(rows, SUBJECT)
            band = subject_band(labels, outputs, subjects, kind=kind, resamples=resamples)
            _draw_band(axes, band, colour=BLUE, label="95 % band")
            axes.plot(curve.x, curve.y, color=BLUE, linewidth=1.6, label=f"area {curve.area:.4f}")
            axes.plot(*place, "o", color=RED, markersize=6, label=f"threshold {threshold:.4f}")
            _finish(axes, *words, positives=_share(labels))
        return png_bytes(figure, plot_dpi)


def fold_curves_png(rows_of_folds: Mapping[str, pd.DataFrame], *, plot_dpi: int) -> bytes:
    """Return the curves of all folds as PNG, with their median and the band that holds 80 % of them."""
    points = {
        fold: operating_points(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT))
        for fold, rows in rows_of_folds.items()
    }
    labels = [values_of(rows, LABEL) for rows in rows_of_folds.values()]
    positives, count = sum(int((each > 0.5).sum()) for each in labels), sum(map(len, labels))
    with house_style():
        figure = Figure(figsize=PANELS_INCHES, layout="constrained")
        for axes, (kind, *words) in zip(figure.subplots(1, 2), KINDS, strict=True):
            curves = {fold: kind(found) for fold, found in points.items()}
            _draw_folds(axes, curves)
            _finish(axes, *words, positives=ratio(positives, count))
        return png_bytes(figure, plot_dpi)


def _draw_folds(axes: Axes, curves: Mapping[str, Curve]) -> None:
    band = fold_band(list(curves.values()))
    _draw_band(axes, band, colour=GREY, label="Median ± 40%")
    for number, (fold, curve) in enumerate(curves.items()):
        if curve.x.size:
            colour = FOLD_COLOURS[number % len(FOLD_COLOURS)]
            axes.plot(curve.x, curve.y, color=colour, linewidth=0.9, label=f"Split {fold}")
    middle = values_of(band, "x"), values_of(band, "median")
    axes.plot(*middle, color="black", linewidth=1.8, label="Median")


def _draw_band(axes: Axes, band: pd.DataFrame, *, colour: str, label: str) -> None:
    x, low, high = (values_of(band, name) for name in ("x", "low", "high"))
    axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label=label)


def _finish(axes: Axes, title: str, x: str, y: str, *, positives: float) -> None:
    is_roc = title == "ROC curve"
    chance = (0, 1) if is_roc else (positives, positives)
    axes.plot((0, 1), chance, color=GREY, linestyle="--", linewidth=0.9, label="chance")
    axes.set(title=title, xlabel=x, ylabel=y, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.set_aspect("equal")
    axes.grid(visible=True)
    axes.legend(fontsize=7.5, loc="lower right" if is_roc else "lower left")


def _marked_point(labels: Values, outputs: Values, threshold: float) -> MarkedPoint:
    counts = confusion(labels, outputs, threshold=threshold)
    called = counts.true_positives + counts.false_positives
    return MarkedPoint(
        false_positive_rate=counts.false_positive_rate,
        recall=counts.sensitivity,
        # As on the curve, which begins at precision 1 where nothing is called positive.
        precision=ratio(counts.true_positives, called) if called else 1.0,
    )


def _share(labels: Values) -> float:
    return ratio(int((labels > 0.5).sum()), len(labels))
