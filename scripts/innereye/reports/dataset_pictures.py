"""How do sizes, intensities and volumes of a data set look? One figure for each."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.names import SUBJECT, Split
from innereye.reports.described_dataset import SPLIT, STRUCTURE, UNUSUAL, VOLUME_ML
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes

DPI = 110
PANEL_INCHES = (3.1, 2.7)
INTENSITIES_INCHES = (9.3, 3.0)
VOLUMES_HEIGHT_INCHES = 3.6
INCHES_PER_STRUCTURE = 0.7
VOLUMES_INCHES = (4.0, 14.0)
# The golden ratio spreads neighbours evenly and, unlike a random jitter, the same way each time.
GOLDEN_RATIO = 0.6180339887498949
SPREAD = 0.5
SPLIT_COLOURS = {Split.TRAIN: BLUE, Split.VAL: "#d98e04", Split.TEST: "#3d8b5f", "": GREY}
MOST_NAMES = 12
DECADE = 10
# Scans so much brighter than most would hide the others on a linear axis.
TOO_BRIGHT = 20


def sizes_png(images: pd.DataFrame) -> bytes:
    """Return three panels as PNG: voxels, spacing and millimetres of the scans along z, y, x."""
    scans = images.drop_duplicates(SUBJECT)
    panels = {
        "Size in voxels": [values_of(scans, f"size_{axis}") for axis in "zyx"],
        "Spacing in mm": [values_of(scans, f"spacing_{axis}_mm") for axis in "zyx"],
    }
    sizes, spacings = panels.values()
    panels["Size in mm"] = [size * mm for size, mm in zip(sizes, spacings, strict=True)]
    width, height = PANEL_INCHES
    with house_style():
        figure = Figure(figsize=(3 * width, height), layout="constrained")
        for axes, (title, columns) in zip(figure.subplots(1, 3), panels.items(), strict=True):
            axes.set_title(title)
            for position, values in enumerate(columns):
                x = position + _spread(len(values))
                axes.scatter(x, values, s=10, c=BLUE, alpha=0.5, linewidths=0)
            axes.set_xticks(range(3), "zyx")
            axes.set_xlim(-0.6, 2.6)
            axes.set_ylim(0, 1.08 * max(float(values.max()) for values in columns))
            axes.grid(visible=True, axis="y")
        return png_bytes(figure, DPI)


def intensities_png(scans: pd.DataFrame) -> bytes:
    """Return the intensities of one channel as PNG: median and percentiles of each subject.

    Subjects are sorted by their median; those that are unusual carry their ids.
    """
    ordered = scans.sort_values(["median", SUBJECT])
    x = np.arange(1, len(ordered) + 1)
    bands = (("p01", "p99", 0.18, "1 % to 99 %"), ("p25", "p75", 0.4, "25 % to 75 %"))
    with house_style():
        figure = Figure(figsize=INTENSITIES_INCHES, layout="constrained")
        axes = figure.subplots()
        for low, high, alpha, label in bands:
            ends = values_of(ordered, low), values_of(ordered, high)
            axes.bar(
                x, ends[1] - ends[0], bottom=ends[0], width=1, color=BLUE, alpha=alpha, label=label
            )
        medians = values_of(ordered, "median")
        axes.plot(x, medians, ".", color="black", markersize=3, label="median")
        is_unusual = np.array([bool(mark) for mark in texts_of(ordered, UNUSUAL)], dtype=bool)
        if is_unusual.any():
            axes.plot(
                x[is_unusual], medians[is_unusual], ".", color=RED, markersize=6, label="unusual"
            )
        axes.set_xlim(0.5, len(ordered) + 0.5)
        usual = float(np.median(np.abs(values_of(ordered, "p99"))))
        if usual > 0 and values_of(ordered, "p99").max() > TOO_BRIGHT * usual:
            axes.set_yscale("symlog", linthresh=usual)
        axes.set_xlabel("Subjects, sorted by their median")
        axes.set_ylabel("Intensity")
        axes.grid(visible=True, axis="y")
        figure.legend(loc="outside right upper")
        return png_bytes(figure, DPI)


def volumes_png(labels: pd.DataFrame) -> bytes:
    """Return the volumes of all structures as PNG: a point per subject.

    Where they differ tenfold the axis is logarithmic. Colours are the splits; volumes that are
    unusual carry the subject's id.
    """
    there = labels.loc[labels[VOLUME_ML] > 0]
    structures = list(dict.fromkeys(texts_of(labels, STRUCTURE)))
    low, high = VOLUMES_INCHES
    width = min(max(low, 2.2 + INCHES_PER_STRUCTURE * len(structures)), high)
    with house_style():
        figure = Figure(figsize=(width, VOLUMES_HEIGHT_INCHES), layout="constrained")
        axes = figure.subplots()
        for position, structure in enumerate(structures):
            _draw_volumes(axes, position, there.loc[there[STRUCTURE] == structure])
        present = set(texts_of(labels, SPLIT))
        for split in (each for each in SPLIT_COLOURS if each in present):
            axes.scatter([], [], s=16, c=SPLIT_COLOURS[split], label=split or "in no split")
        _set_volume_scale(axes, values_of(there, VOLUME_ML))
        axes.set_ylabel("Volume in ml")
        axes.set_xlim(-0.6, len(structures) - 0.4)
        turned = (
            {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
            if len(structures) > 4
            else {}
        )
        axes.set_xticks(range(len(structures)), structures, **turned)
        axes.grid(visible=True, axis="y")
        figure.legend(loc="outside right upper")
        return png_bytes(figure, DPI)


def _draw_volumes(axes: Axes, position: int, rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    volumes = values_of(rows, VOLUME_ML)
    x = position + _spread(len(volumes))
    colours = [SPLIT_COLOURS.get(split, GREY) for split in texts_of(rows, SPLIT)]
    axes.scatter(x, volumes, s=12, c=colours, alpha=0.7, linewidths=0, zorder=3)
    axes.hlines(np.median(volumes), position - 0.3, position + 0.3, color="black", linewidth=1.2)
    marks = zip(texts_of(rows, UNUSUAL), texts_of(rows, SUBJECT), x, volumes, strict=True)
    named = [(subject, at_x, at_y) for mark, subject, at_x, at_y in marks if mark]
    for subject, at_x, at_y in named[:MOST_NAMES]:
        axes.annotate(
            subject,
            (at_x, at_y),
            (4, 0),
            textcoords="offset points",
            fontsize=7,
            va="center",
            color=RED,
        )


def _set_volume_scale(axes: Axes, volumes: Values) -> None:
    if volumes.max() < DECADE * volumes.min():
        axes.set_ylim(0, 1.08 * volumes.max())
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _spread(count: int) -> Values:
    """Return places beside each other for points that would lie on each other."""
    places = (np.arange(1, count + 1, dtype=np.float64) * GOLDEN_RATIO) % 1.0
    return np.asarray(SPREAD * (places - 0.5), dtype=np.float64)
