"""How did loss, metric and learning rate of a scalar model go over the epochs of its training?"""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from innereye.names import Split
from innereye.reports.epoch_panels import COLOURS, PANEL_INCHES, draw_course, finish_panel
from innereye.reports.epoch_tables import LEARNING_RATE, LOSS
from innereye.reports.figures import BLUE, house_style, png_bytes

MEAN = "mean of targets"
# With more targets than these their curves and names hide each other.
MOST_TARGETS = 8


def scalar_learning_curves_png(
    epoch_metrics: Mapping[Split, pd.DataFrame],
    *,
    metric: str,
    title: str,
    targets: Sequence[str],
    reported_epoch: int,
    plot_dpi: int,
) -> bytes:
    """Return three panels as PNG: loss, a metric and learning rate, each against finished epochs.

    `metric`: its column in epoch_metrics.csv, with `/<target>` behind it for several targets; then
    the mean of the targets is drawn, and those of Val as thin lines where they are few.
    """
    columns = [metric] if len(targets) == 1 else [f"{metric}/{target}" for target in targets]
    with house_style():
        width, height = PANEL_INCHES
        figure = Figure(figsize=(3 * width, height), layout="constrained")
        loss, middle, rate = figure.subplots(1, 3)
        for split, table in epoch_metrics.items():
            present = [column for column in columns if column in table]
            frame = table.assign(**{MEAN: table[present].mean(axis=1)}) if present else table
            label = str(split) if len(targets) == 1 else f"{split}, {MEAN}"
            draw_course(loss, frame, LOSS, label=str(split), color=COLOURS[split])
            draw_course(middle, frame, MEAN, label=label, color=COLOURS[split])
            if split == Split.VAL and 1 < len(targets) <= MOST_TARGETS:
                for number, (target, column) in enumerate(zip(targets, columns, strict=True)):
                    shade = str(0.35 + 0.5 * number / len(targets))
                    label = f"{split}, {target}"
                    draw_course(middle, frame, column, label=label, color=shade, thin=True)
        draw_course(rate, epoch_metrics.get(Split.TRAIN), LEARNING_RATE, label=None, color=BLUE)
        for axes, name in ((loss, "Loss"), (middle, title), (rate, "Learning rate")):
            finish_panel(axes, name, reported_epoch)
        return png_bytes(figure, plot_dpi)
