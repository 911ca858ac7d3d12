"""What does the report on a regression show besides? Predicted against true values."""

import numpy as np

from innereye.metrics.columns import values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.reports.markup import Html, heading, join, paragraph, picture
from innereye.reports.scalar_run import ScalarRun
from innereye.reports.scalar_scatter_plot import scatter_png
from innereye.reports.scalar_sections import REPORT_DPI


def scatter(run: ScalarRun, split: str, target: str) -> Html:
    """Show predicted against true values, and the errors; nothing where there are none."""
    rows = run.rows(split, target)
    if not np.isfinite(values_of(rows, LABEL) + values_of(rows, MODEL_OUTPUT)).any():
        return join([])
    png = scatter_png(rows, plot_dpi=REPORT_DPI)
    title = heading("Predicted and true values", level=4)
    note = paragraph(
        "Right: the plot of Bland and Altman; about 95 % of errors lie between the dotted lines."
    )
    return join([title, picture(png, kind="png", alt=f"Predicted and true values, {split}"), note])
