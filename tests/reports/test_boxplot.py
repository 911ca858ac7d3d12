"""Box plots hold every value, say what they cannot draw, and come out the same each time."""

import io
import math

import matplotlib
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from innereye.metrics.outliers import find_outliers, write_outliers
from innereye.names import DICE, HAUSDORFF, PATIENT, STRUCTURE, Split
from innereye.reports import boxplot
from innereye.reports.boxplot import boxplot_png, plot_metrics


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def draw(metrics, **options):
    return boxplot_png(metrics, split=Split.TEST, plot_dpi=60, **options)


@pytest.fixture
def said(monkeypatch):
    """Collect the sentences that stand inside panels."""
    sentences = []
    monkeypatch.setattr(boxplot, "_say", lambda axes, sentence: sentences.append(sentence))
    return sentences


@pytest.mark.parametrize("dpi", [40, 150])
def test_a_panel_of_5_by_4_inch_for_each_metric(made_up_scores, dpi):
    png = boxplot_png(made_up_scores(5, 0), split=Split.TEST, plot_dpi=dpi)
    assert pixels(png).shape == (4 * dpi, 10 * dpi, 3)


def test_both_panels_are_drawn_also_for_one_subject(made_up_scores):
    picture = pixels(draw(made_up_scores(1, 0)))
    left, right = picture[:, :300], picture[:, 300:]
    for panel in (left, right):
        red = (panel[..., 0] > 150) & (panel[..., 1] < 90)
        assert red.any(), "the median is missing"


def test_every_finite_value_is_a_point(made_up_scores, monkeypatch):
    drawn = []
    box = boxplot._draw_box
    monkeypatch.setattr(
        boxplot,
        "_draw_box",
        lambda axes, at, values, names: drawn.append(values) or box(axes, at, values, names),
    )
    metrics = made_up_scores(6, 1)
    draw(metrics)
    assert sorted(np.concatenate(drawn)) == sorted([*metrics[DICE], *metrics[HAUSDORFF]])


def test_infinite_distances_are_counted_under_the_box():
    values = np.array([3.0, math.inf, math.inf, math.nan])
    assert boxplot._label("prostate", values) == "prostate\n(2 infinite)"
    assert boxplot._label("prostate", values[:1]) == "prostate"


def test_only_infinite_values_are_said(made_up_scores, said):
    draw(made_up_scores(4, 2).assign(**{HAUSDORFF: math.inf}))
    assert said == ["No finite values in this set"]


def test_an_empty_split_is_said_in_both_panels(made_up_scores, said):
    draw(made_up_scores(1, 0).iloc[:0])
    assert said == ["No subjects in this set"] * 2


def test_an_empty_split_gives_a_picture_that_is_not_blank(made_up_scores):
    assert pixels(draw(made_up_scores(1, 0).iloc[:0])).min() < 128


def test_same_scores_same_bytes_whatever_the_user_prefers(made_up_scores):
    first = draw(made_up_scores(7, 3))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "yellow", "savefig.dpi": 17}):
        assert draw(made_up_scores(7, 3)) == first
        assert matplotlib.rcParams["font.size"] == 30


def test_no_version_and_no_date_in_the_file(made_up_scores):
    assert set(Image.open(io.BytesIO(draw(made_up_scores(2, 0)))).info) == {"dpi"}


def test_an_outlier_is_red_and_named(made_up_scores, tmp_path):
    metrics = made_up_scores(12, 4)
    metrics.loc[(metrics[PATIENT] == "7") & (metrics[STRUCTURE] == "left"), DICE] = 0.0
    metrics.to_csv(tmp_path / "metrics.csv", index=False)
    found = find_outliers(metrics, outlier_range=3.0)
    assert boxplot._keys_of(found, DICE) == {("7", "left")}
    write_outliers(tmp_path / "outliers.csv", found)
    picture = {"metrics_csv": tmp_path / "metrics.csv", "split": Split.TEST, "plot_dpi": 60}
    plot_metrics(**picture, png=tmp_path / "plain.png")
    plot_metrics(**picture, png=tmp_path / "marked.png", outliers_csv=tmp_path / "outliers.csv")
    assert (tmp_path / "marked.png").read_bytes() == draw(metrics, outliers=found)
    assert (tmp_path / "marked.png").read_bytes() != (tmp_path / "plain.png").read_bytes()


def test_many_structures_fit(made_up_scores):
    metrics = pd.concat(
        made_up_scores(3, seed).assign(**{STRUCTURE: f"a_long_name_of_structure_{seed}"})
        for seed in range(15)
    )
    assert pixels(draw(metrics)).shape == (240, 600, 3)
