"""Do the figures show what they say, and are they the same each time?"""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from innereye.names import Split
from innereye.reports import scalar_calibration_plot, scalar_curve_plots, scalar_learning_curves
from innereye.reports.scalar_scatter_plot import scatter_png


def rows(count=60):
    draw = np.random.default_rng(count)
    labels = np.arange(count) % 2
    outputs = np.clip(0.3 * labels + draw.uniform(0, 0.7, count), 0, 1)
    names = [f"s{number}" for number in range(count)]
    return pd.DataFrame({"subject": names, "label": labels.astype(float), "model_output": outputs})


@pytest.fixture
def figures(monkeypatch):
    """Collect the figures instead of their bytes."""
    made = []
    for module in (scalar_calibration_plot, scalar_curve_plots, scalar_learning_curves):
        monkeypatch.setattr(module, "png_bytes", lambda figure, dpi: made.append(figure) or b"")
    return made


def line(axes, label):
    return next(each for each in axes.lines if str(each.get_label()).startswith(label))


def test_the_marked_point_is_that_of_the_threshold(figures):
    scalar_curve_plots.curves_png(rows(), threshold=0.5, resamples=20, plot_dpi=50)
    table = rows()
    called, truth = table["model_output"] >= 0.5, table["label"] == 1
    recall = (called & truth).sum() / truth.sum()
    roc, pr = figures[0].axes
    point = line(roc, "threshold").get_xydata()[0]
    assert point == pytest.approx([(called & ~truth).sum() / (~truth).sum(), recall])
    assert line(pr, "threshold").get_xydata()[0] == pytest.approx(
        [recall, (called & truth).sum() / called.sum()]
    )


def test_chance_is_the_part_of_positives_in_the_pr_panel(figures):
    scalar_curve_plots.curves_png(rows(61), threshold=0.5, resamples=20, plot_dpi=50)
    assert set(line(figures[0].axes[1], "chance").get_ydata()) == {30 / 61}


def test_each_fold_has_a_curve_and_all_have_a_median(figures):
    scalar_curve_plots.fold_curves_png({"0": rows(40), "1": rows(50)}, plot_dpi=50)
    labels = [str(each.get_label()) for each in figures[0].axes[0].lines]
    assert labels[:3] == ["Split 0", "Split 1", "Median"]
    assert "Median ± 40%" in figures[0].axes[0].get_legend_handles_labels()[1]


def test_the_counts_of_the_bins_are_all_subjects(figures):
    scalar_calibration_plot.reliability_png(rows(), temperature=2.0, plot_dpi=50)
    for axes in figures[0].axes[2:]:
        assert sum(bar.get_height() for bar in axes.patches) == 60


def test_a_temperature_draws_outputs_to_the_middle(figures):
    scalar_calibration_plot.reliability_png(rows(), temperature=5.0, plot_dpi=50)
    before, after = (axes.lines[1].get_xdata() for axes in figures[0].axes[:2])
    assert np.nanmax(np.abs(after - 0.5)) < np.nanmax(np.abs(before - 0.5))


def test_targets_have_a_mean_over_the_epochs(figures):
    table = pd.DataFrame(
        {"epoch": [0, 1], "loss": [2.0, 1.0], "m/a": [0.4, 0.6], "m/b": [0.6, 1.0]}
    )
    scalar_learning_curves.scalar_learning_curves_png(
        {Split.VAL: table},
        metric="m",
        title="M",
        targets=["a", "b"],
        reported_epoch=2,
        plot_dpi=50,
    )
    middle = figures[0].axes[1]
    assert list(line(middle, "Val, mean").get_ydata()) == pytest.approx([0.5, 0.8])
    assert list(line(middle, "Val, b").get_ydata()) == [0.6, 1.0]


def test_a_column_that_is_missing_is_said(figures):
    table = pd.DataFrame({"epoch": [0], "loss": [2.0]})
    scalar_learning_curves.scalar_learning_curves_png(
        {Split.VAL: table},
        metric="m",
        title="M",
        targets=["Default"],
        reported_epoch=1,
        plot_dpi=50,
    )
    assert [text.get_text() for text in figures[0].axes[1].texts] == ["No values"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: scalar_curve_plots.curves_png(rows(), threshold=0.5, resamples=9, plot_dpi=40),
        lambda: scalar_curve_plots.fold_curves_png({"0": rows()}, plot_dpi=40),
        lambda: scalar_calibration_plot.reliability_png(rows(), temperature=2.0, plot_dpi=40),
        lambda: scatter_png(rows(), plot_dpi=40),
        lambda: scatter_png(rows(1), plot_dpi=40),
    ],
)
def test_the_same_rows_give_the_same_picture(draw):
    png = draw()
    assert png == draw()
    assert np.asarray(Image.open(io.BytesIO(png)).convert("L")).std() > 0
