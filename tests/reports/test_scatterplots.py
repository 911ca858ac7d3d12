"""Scatter plots of two runs: each shared subject is a point, each structure says who was better."""

import io
import math

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from PIL import Image

from innereye.names import DICE, ENSEMBLE, MODE, PATIENT, RUN_OF_ROW, SERIES, STRUCTURE, Split
from innereye.reports.run_plots_style import run_plots_style
from innereye.reports.scatterplots import (
    draw_scatterplot,
    marks_of,
    paired_scores,
    scatter_figure,
)

COLUMNS = [PATIENT, STRUCTURE, DICE, RUN_OF_ROW, MODE, SERIES]


def table_of(*rows, mode=Split.TEST):
    """Make rows (patient, structure, run, Dice) or (patient, structure, run, Dice, series)."""
    complete = [(*row, "") if len(row) == 4 else row for row in rows]
    found = [(p, s, dice, run, mode, series) for p, s, run, dice, series in complete]
    return pd.DataFrame(found, columns=COLUMNS)


def both(structure, *pairs):
    """Make the rows of runs 0 and ENSEMBLE for subjects 0, 1, 2, ..."""
    return [
        (str(patient), structure, run, dice)
        for patient, pair in enumerate(pairs)
        for run, dice in zip(("0", ENSEMBLE), pair, strict=True)
    ]


def figure_of(table, x="0", y=ENSEMBLE):
    with run_plots_style():
        figure = scatter_figure(paired_scores(table, x, y), x, y, mode=Split.TEST)
        figure.draw_without_rendering()
    return figure


def panel_of(table, **options):
    return figure_of(table, **options).axes[0]


def series_of(axes):
    """Return the lines of points, without the diagonal."""
    return [line for line in axes.lines if line.get_linestyle() == "None"]


def legend_texts(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


LEFT = both("left", (80.0, 90.0), (70.0, 60.0), (50.0, 55.0), (40.0, 40.0))
RIGHT = both("right", (10.0, 20.0))


def test_every_text_is_there():
    axes = panel_of(table_of(*RIGHT, *LEFT))
    assert axes.get_title() == "Dice scores for 0 (x axis) and ENSEMBLE (y axis)"
    assert axes.get_xlabel() == "Dice Score (%), 0"
    assert axes.get_ylabel() == "Dice Score (%), ENSEMBLE"
    assert legend_texts(axes) == ["left, 1:2", "right, 0:1"]


def test_every_shared_subject_is_a_point():
    left, right = series_of(panel_of(table_of(*RIGHT, *LEFT)))
    assert left.get_xydata().tolist() == [[80, 90], [70, 60], [50, 55], [40, 40]]
    assert right.get_xydata().tolist() == [[10, 20]]


def test_the_runs_change_places():
    axes = panel_of(table_of(*LEFT), x=ENSEMBLE, y="0")
    assert legend_texts(axes) == ["left, 2:1"]
    assert series_of(axes)[0].get_xydata()[0].tolist() == [90, 80]


def test_subjects_and_structures_of_one_run_are_left_out():
    alone = [("9", "left", "0", 1.0), ("0", "middle", ENSEMBLE, 2.0)]
    pairs = paired_scores(table_of(*LEFT, *alone), "0", ENSEMBLE)
    assert [(pair.structure, pair.x.size) for pair in pairs] == [("left", 4)]


def test_a_subject_is_known_by_its_series_where_it_has_one():
    rows = [
        ("1", "left", "0", 10.0, "a"),
        ("2", "left", ENSEMBLE, 20.0, "a"),
        ("3", "left", "0", 30.0, ""),
        ("3", "left", ENSEMBLE, 40.0, ""),
        ("4", "left", "0", 50.0, "b"),
        ("4", "left", ENSEMBLE, 60.0, "c"),
    ]
    (pair,) = paired_scores(table_of(*rows), "0", ENSEMBLE)
    assert sorted(zip(pair.x, pair.y, strict=True)) == [(10.0, 20.0), (30.0, 40.0)]


def test_of_two_rows_of_a_subject_the_last_counts():
    (pair,) = paired_scores(table_of(*LEFT, ("0", "left", "0", 99.0)), "0", ENSEMBLE)
    assert pair.x[0] == 99.0


def test_modes_are_not_mixed():
    table = pd.concat([table_of(*LEFT), table_of(*RIGHT, mode=Split.VAL)])
    counted = [(pair.structure, pair.x.size) for pair in paired_scores(table, "0", ENSEMBLE)]
    assert counted == [("left", 4), ("right", 1)]
    other = table_of(("0", "right", "0", 1.0)), table_of(("0", "right", ENSEMBLE, 2.0), mode="Val")
    assert paired_scores(pd.concat(other), "0", ENSEMBLE) == []


def test_a_missing_score_lies_outside_of_the_box_and_is_nobodys_win():
    axes = panel_of(table_of(*both("left", (math.nan, 70.0), (60.0, math.nan), (5.0, 6.0))))
    assert series_of(axes)[0].get_xydata().tolist() == [[-1, 70], [60, -1], [5, 6]]
    assert legend_texts(axes) == ["left, 0:1"]
    note = "Outside of the box: 2 without a score in one of the runs"
    assert note in [text.get_text() for text in axes.texts]


def test_no_score_in_both_runs_is_no_point():
    assert paired_scores(table_of(*both("left", (math.nan, math.nan))), "0", ENSEMBLE) == []


@pytest.mark.parametrize("pair", [(0.4, 0.7), (50.0, 100.0)])
def test_axes_are_percent_with_room_for_the_legend(pair):
    axes = panel_of(table_of(*both("left", pair)))
    assert axes.get_xlim() == pytest.approx((-20.0, 102.0))
    assert axes.get_ylim() == pytest.approx((-2.0, 102.0))


def test_there_are_a_diagonal_and_a_box():
    axes = panel_of(table_of(*LEFT))
    (diagonal,) = (line for line in axes.lines if line.get_linestyle() == "-")
    assert diagonal.get_xydata().tolist() == [[0, 0], [100, 100]]
    (box,) = (patch for patch in axes.patches if isinstance(patch, Rectangle))
    assert box.get_bbox().bounds == (0, 0, 100, 100)
    assert to_rgba("black") == to_rgba(diagonal.get_color()) == box.get_edgecolor()


def test_colours_go_round_and_then_the_markers():
    marks = marks_of([f"s{number:02d}" for number in range(14)])
    assert "".join(mark.colour for mark in marks) == "bgrcmybgrcmybg"
    assert "".join(mark.marker for mark in marks) == "oooooovvvvvv^^"


def test_left_and_right_share_a_colour():
    marks = marks_of(["eye_l", "eye_r", "femur_l", "femur_r", "skin"])
    assert [(mark.colour, mark.marker) for mark in marks] == [
        ("b", "<"),
        ("b", ">"),
        ("g", "<"),
        ("g", ">"),
        ("r", "o"),
    ]


def test_one_side_alone_has_a_colour_of_its_own():
    marks = marks_of(["eye_l", "femur_l", "lung_r"])
    assert [(mark.colour, mark.marker) for mark in marks] == [("b", "<"), ("g", "<"), ("r", ">")]


def test_ten_pairs_of_organs_look_different():
    marks = marks_of([f"organ{number}_{side}" for number in range(10) for side in "lr"])
    assert len(set(marks)) == 20


def test_marks_are_drawn_as_they_are_planned():
    pairs = [(50.0, 60.0)]
    names = [f"organ{number}_l" for number in range(7)]
    lines = series_of(panel_of(table_of(*(row for name in names for row in both(name, *pairs)))))
    drawn = [(line.get_color(), line.get_marker(), line.get_fillstyle()) for line in lines]
    assert [(colour, marker) for colour, marker, _ in drawn] == [(c, "<") for c in "bgrcmyb"]
    assert [line.get_markerfacecolor() == "none" for line in lines] == [False] * 6 + [True]


@pytest.mark.parametrize("table", [table_of(), table_of(*LEFT[::2])], ids=["empty", "one run"])
def test_no_shared_subject_is_said(table):
    axes = panel_of(table)
    said = [text.get_text() for text in axes.texts]
    assert said == ["No Test subject has scores in both runs."]
    assert axes.get_title() == "Dice scores for 0 (x axis) and ENSEMBLE (y axis)"


def test_the_legend_of_long_names_does_not_lie_on_the_box():
    names = [f"structure_{number:02d}_".ljust(40, "x") for number in range(20)]
    figure = figure_of(table_of(*(row for name in names for row in both(name, (80.0, 90.0)))))
    axes = figure.axes[0]
    legend = axes.get_legend().get_window_extent()
    assert legend.x1 < axes.transData.transform((0, 0))[0]
    assert legend.x0 >= 0
    assert legend.y0 >= 0


@pytest.mark.parametrize("count", [45, 90])
def test_the_legend_of_many_structures_lies_within_the_picture(count):
    names = [f"structure_{number:02d}" for number in range(count)]
    figure = figure_of(table_of(*(row for name in names for row in both(name, (80.0, 90.0)))))
    legend = figure.axes[0].get_legend()
    assert len(legend.get_texts()) == count
    assert legend.get_window_extent().y0 >= 0


def test_a_long_title_is_within_the_picture():
    runs = [f"baseline_{number}_".ljust(40, "y") for number in range(2)]
    rows = [("0", "left", run, 50.0) for run in runs]
    figure = figure_of(table_of(*rows), x=runs[0], y=runs[1])
    title = figure.axes[0].title
    assert (
        title.get_text().split()
        == f"Dice scores for {runs[0]} (x axis) and {runs[1]} (y axis)".split()
    )
    assert title.get_window_extent().x0 >= 0
    assert title.get_window_extent().x1 <= figure.bbox.width


def test_dollars_are_part_of_a_name():
    rows = [("0", "$a_b$", run, 50.0) for run in ("x$1$", "y")]
    axes = panel_of(table_of(*rows), x="x$1$", y="y")
    assert legend_texts(axes) == ["$a_b$, 0:0"]
    assert not axes.title.get_parse_math()


def draw(folder, table, **options):
    path = folder / "0_vs_ENSEMBLE.png"
    draw_scatterplot(table, "0", ENSEMBLE, path, dpi=30, **options)
    return path.read_bytes()


def test_the_picture_has_17_by_12_inch(tmp_path):
    assert Image.open(io.BytesIO(draw(tmp_path, table_of(*LEFT)))).size == (17 * 30, 12 * 30)


def test_only_the_rows_of_the_mode_are_drawn(tmp_path):
    test, val = table_of(*LEFT), table_of(*RIGHT, mode=Split.VAL)
    mixed = pd.concat([test, val])
    assert draw(tmp_path, mixed) == draw(tmp_path, test) == draw(tmp_path, mixed, mode="test")
    assert draw(tmp_path, mixed, mode=Split.VAL) == draw(tmp_path, val, mode=Split.VAL)
    assert draw(tmp_path, mixed, mode="all") != draw(tmp_path, test)


def test_same_scores_same_bytes_whatever_the_user_prefers(tmp_path):
    first = draw(tmp_path, table_of(*LEFT, *RIGHT))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "yellow", "savefig.dpi": 17}):
        assert draw(tmp_path, table_of(*RIGHT, *LEFT)) == first
    pixels = np.asarray(Image.open(io.BytesIO(first)).convert("RGB"))
    assert pixels.min() < 50
