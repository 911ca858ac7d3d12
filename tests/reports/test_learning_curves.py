"""Learning curves count finished epochs and say where there is nothing to draw."""

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from innereye.names import Split
from innereye.reports import learning_curves
from innereye.reports.epoch_tables import AVERAGE
from innereye.reports.learning_curves import learning_curves_png


@pytest.fixture
def figures(monkeypatch):
    """Collect the figures instead of their bytes."""
    made: list[Figure] = []
    monkeypatch.setattr(
        learning_curves, "png_bytes", lambda figure, dpi: made.append(figure) or b""
    )
    return made


def table(**columns):
    return pd.DataFrame({"epoch": [0, 1, 2], "loss": [3.0, 2.0, 1.0], AVERAGE: 0.5, **columns})


def test_epochs_count_from_one_and_the_reported_one_is_marked(figures):
    learning_curves_png({Split.TRAIN: table()}, reported_epoch=3, plot_dpi=50)
    curve, mark = figures[0].axes[0].lines
    assert list(curve.get_xdata()) == [1, 2, 3]
    assert list(curve.get_ydata()) == [3.0, 2.0, 1.0]
    assert set(mark.get_xdata()) == {3}


def test_each_split_and_each_structure_of_val_has_a_curve(figures):
    tables = {Split.TRAIN: table(learning_rate=1e-3), Split.VAL: table(**{"Dice/left": 0.4})}
    learning_curves_png(tables, reported_epoch=1, plot_dpi=50)
    loss, dice, rate = figures[0].axes
    assert loss.get_legend_handles_labels()[1] == ["Train", "Val"]
    assert dice.get_legend_handles_labels()[1] == ["Train, average", "Val, average", "Val, left"]
    assert len(rate.lines) == 2


def test_missing_values_are_said(figures):
    learning_curves_png({Split.VAL: table(loss=np.nan)}, reported_epoch=1, plot_dpi=50)
    loss, dice, rate = figures[0].axes
    assert [text.get_text() for text in loss.texts] == ["No values"]
    assert [text.get_text() for text in rate.texts] == ["No values"]
    assert not dice.texts


def test_the_picture_has_three_panels_and_is_the_same_each_time():
    tables = {Split.TRAIN: table(), Split.VAL: table()}
    png = learning_curves_png(tables, reported_epoch=2, plot_dpi=50)
    assert Image.open(io.BytesIO(png)).size == (600, 160)
    assert learning_curves_png(tables, reported_epoch=2, plot_dpi=50) == png
