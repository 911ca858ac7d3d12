"""Box plots of all runs: no value vanishes, every name is said, the same scores give the same bytes."""

import io
import math
from itertools import pairwise

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from PIL import Image

from innereye.names import (
    DICE,
    ENSEMBLE,
    HAUSDORFF,
    MEAN_DISTANCE,
    MODE,
    PATIENT,
    RUN_OF_ROW,
    STRUCTURE,
    Split,
)
from innereye.reports.run_plots_style import COLOURS, run_plots_style
from innereye.reports.split_boxes import FEW_SUBJECTS
from innereye.reports.split_plots import (
    AXIS_LABELS,
    draw_split_plots,
    runs_in_order,
    split_figure,
)

RUNS = ("0", "1", ENSEMBLE)


def table_of(runs, structures, count, mode=Split.TEST):
    """Make up the scores of `count` subjects: Dice in percent, distances in mm."""
    draw = np.random.default_rng([len(runs), len(structures), count])
    rows = [(str(n), s, run, mode) for run in runs for s in structures for n in range(count)]
    table = pd.DataFrame(rows, columns=[PATIENT, STRUCTURE, RUN_OF_ROW, MODE])
    table[DICE] = draw.uniform(60.0, 95.0, len(rows)).round(1)
    for metric in (HAUSDORFF, MEAN_DISTANCE):
        table[metric] = draw.uniform(2.0, 9.0, len(rows)).round(1)
    return table


def figure_of(table, metric=DICE, *, structures=("left", "right"), mode=Split.TEST, epoch=7):
    with run_plots_style():
        figure = split_figure(
            table.loc[table[MODE] == mode],
            metric=metric,
            mode=mode,
            structures=list(structures),
            epoch=epoch,
        )
        figure.draw_without_rendering()
    return figure


def panel_of(table, metric=DICE, **options):
    return figure_of(table, metric, **options).axes[0]


def drawn(axes, marker):
    """Return the places (x, y) of all marks of a kind."""
    places = [line.get_xydata() for line in axes.lines if line.get_marker() == marker]
    return np.concatenate([np.empty((0, 2)), *places])


def numbers_beside_marks(axes):
    return [int(text.get_text()) for text in axes.texts]


def boxes(axes):
    return [patch for patch in axes.patches if isinstance(patch, PathPatch)]


def legend_texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def x_labels(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def test_every_text_is_there():
    figure = figure_of(table_of(RUNS, ["left", "right"], 5))
    assert figure.get_suptitle() == "Segmentation Results on Test Dataset (Epoch 7)"
    assert figure.axes[0].get_xlabel() == "Cross-Validation Splits"
    assert figure.axes[0].get_ylabel() == "Dice Score (%)"
    assert x_labels(figure.axes[0]) == list(RUNS)
    assert legend_texts(figure) == ["left", "right"]
    assert figure.axes[0].get_title(loc="right") == ""


def test_distances_are_named_with_their_unit():
    table = table_of(RUNS, ["left"], 5)
    labels = [panel_of(table, metric).get_ylabel() for metric in (HAUSDORFF, MEAN_DISTANCE)]
    assert labels == ["Hausdorff Distance (mm)", "Mean Distance (mm)"]


def test_without_an_epoch_the_title_has_no_bracket():
    figure = figure_of(table_of(RUNS, ["left"], 5), epoch=None)
    assert figure.get_suptitle() == "Segmentation Results on Test Dataset"


def test_dice_has_the_original_axis():
    axes = panel_of(table_of(RUNS, ["left"], 5))
    assert axes.get_ylim() == (0.0, 100.5)
    assert list(axes.get_yticks()) == list(range(0, 101, 5))


def test_folds_come_by_number_then_the_ensemble_then_the_others():
    runs = ["b", "10", ENSEMBLE, "2", "CURRENT", "0", "0"]
    assert runs_in_order(runs) == ["0", "2", "10", ENSEMBLE, "CURRENT", "b"]


def test_a_box_for_each_structure_of_each_run_from_left_to_right():
    axes = panel_of(table_of(RUNS, ["left", "right"], 5))
    middles = {to_hex(patch.get_facecolor()).upper(): [] for patch in boxes(axes)}
    for patch in boxes(axes):
        extents = patch.get_path().get_extents()
        middles[to_hex(patch.get_facecolor()).upper()].append((extents.x0 + extents.x1) / 2)
    assert list(middles) == list(COLOURS[:2])
    assert [round(x) for x in middles[COLOURS[0]]] == [0, 1, 2]
    assert all(np.less(middles[COLOURS[0]], middles[COLOURS[1]]))


def test_a_box_stands_over_the_values_of_its_own_run_and_structure():
    table = table_of(RUNS, ["left", "right"], 5)
    of_box = (table[RUN_OF_ROW] == "1") & (table[STRUCTURE] == "right")
    table.loc[of_box, DICE] = [10.0, 20.0, 30.0, 40.0, 50.0]
    patch = boxes(panel_of(table))[4]  # structure by structure: left has three
    extents = patch.get_path().get_extents()
    assert (extents.y0, extents.y1) == (20.0, 40.0)
    assert 1.0 < extents.x0 < extents.x1 < 1.5


def test_few_subjects_are_all_points():
    table = table_of(RUNS, ["left", "right"], FEW_SUBJECTS)
    assert sorted(drawn(panel_of(table), "o")[:, 1]) == sorted(table[DICE])


def test_of_many_subjects_those_beyond_the_whiskers_are_points():
    table = table_of(RUNS, ["left", "right"], FEW_SUBJECTS + 1)
    table.loc[[3, 50], DICE] = [0.0, 1.0]
    assert list(drawn(panel_of(table), "o")[:, 1]) == [0.0, 1.0]


def test_infinite_distances_are_marks_with_their_number():
    table = table_of(RUNS, ["left", "right"], 6)
    table.loc[[0, 1, 35], HAUSDORFF] = math.inf
    axes = panel_of(table, HAUSDORFF)
    marks = drawn(axes, "^")
    assert [round(x) for x in marks[:, 0]] == [0, 2]
    assert numbers_beside_marks(axes) == [2, 1]
    assert axes.get_ylim()[0] < marks[0, 1] < axes.get_ylim()[1]
    assert len(drawn(axes, "o")) == 33
    note = "Not on the axis: 3 infinite (the triangles and their numbers)"
    assert axes.get_title(loc="right") == note
    assert axes.get_yticklabels()[-1].get_text() == "infinite"


def test_a_value_far_out_does_not_flatten_the_boxes_and_is_counted():
    table = table_of(RUNS, ["left", "right"], 40)
    table.loc[[7, 8], HAUSDORFF] = [400.0, 500.0]
    axes = panel_of(table, HAUSDORFF)
    assert axes.get_ylim()[1] < 30.0
    assert numbers_beside_marks(axes) == [2]
    assert "2 above 15 mm" in axes.get_title(loc="right")
    assert axes.get_yticklabels()[-1].get_text() == "> 15"


def test_distances_above_the_original_limit_are_on_the_axis():
    table = table_of(RUNS, ["left"], 5)
    table[HAUSDORFF] *= 50.0
    axes = panel_of(table, HAUSDORFF)
    assert sorted(drawn(axes, "o")[:, 1]) == sorted(table[HAUSDORFF])
    assert axes.get_ylim()[1] > table[HAUSDORFF].max() > 100.5


@pytest.mark.parametrize("seed", range(8))
def test_no_value_vanishes(seed):
    draw = np.random.default_rng(seed)
    table = table_of(RUNS, ["left", "right"], 12)
    spread = draw.lognormal(1.5, 2.0, len(table))
    spread[draw.random(len(table)) < 0.2] = math.inf
    spread[draw.random(len(table)) < 0.2] = math.nan
    axes = panel_of(table.assign(**{HAUSDORFF: spread}), HAUSDORFF)
    points = drawn(axes, "o")[:, 1]
    missing = int(np.isnan(spread).sum())
    assert len(points) + sum(numbers_beside_marks(axes)) + missing == len(table)
    assert f"{missing} missing" in axes.get_title(loc="right")
    assert points.max(initial=0.0) <= axes.get_ylim()[1]


def test_only_infinite_values_still_make_a_picture():
    axes = panel_of(table_of(RUNS, ["left"], 3).assign(**{HAUSDORFF: math.inf}), HAUSDORFF)
    assert numbers_beside_marks(axes) == [3, 3, 3]


@pytest.mark.parametrize("metric", AXIS_LABELS)
def test_an_empty_mode_is_said_in_one_sentence(metric):
    figure = figure_of(table_of(RUNS, ["left"], 5, Split.VAL), metric, structures=["left"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["There are no Test subjects."]
    assert figure.get_suptitle() == "Segmentation Results on Test Dataset (Epoch 7)"
    assert x_labels(figure.axes[0]) == []


def test_structures_without_values_are_said():
    axes = panel_of(table_of(RUNS, ["left"], 5).assign(**{DICE: math.nan}))
    said = [text.get_text() for text in axes.texts]
    assert said == ["These structures have no values in the Test set."]
    assert axes.get_title(loc="right") == "Not on the axis: 15 missing"
    assert x_labels(axes) == list(RUNS)


def overlap(texts):
    extents = [text.get_window_extent() for text in texts]
    return any(a.overlaps(b) for a, b in pairwise(extents))


def test_long_names_lie_within_the_picture_and_not_on_each_other():
    names = [f"structure_{n}_".ljust(40, "x") for n in range(7)]
    runs = [f"baseline_{n}_".ljust(40, "y") for n in range(6)]
    figure = figure_of(table_of(runs, names, 3), structures=names)
    labels = figure.axes[0].get_xticklabels()
    assert [label.get_text() for label in labels] == runs
    assert all(label.get_rotation() > 0 for label in labels)
    assert legend_texts(figure) == names
    assert not overlap(figure.legends[0].get_texts())
    for text in [*labels, *figure.legends[0].get_texts()]:
        extent = text.get_window_extent()
        assert 0 <= extent.x0 < extent.x1 <= figure.bbox.width
        assert 0 <= extent.y0 < extent.y1 <= figure.bbox.height


def test_short_names_stay_level():
    labels = panel_of(table_of([*map(str, range(10))], ["left"], 3)).get_xticklabels()
    assert not overlap(labels)
    assert {label.get_rotation() for label in labels} == {0.0}


def test_dollars_and_underscores_are_part_of_a_name():
    names = ["$a_b$", "_hidden"]
    figure = figure_of(table_of(["x$1$"], names, 3), structures=names)
    assert legend_texts(figure) == names
    assert not any(text.get_parse_math() for text in figure.legends[0].get_texts())


def draw_all(folder, table, structures, names, **options):
    paths = [folder / name for name in names]
    draw_split_plots(
        table, metric=DICE, mode=Split.TEST, structures=structures, paths=paths, dpi=40, **options
    )
    return [path.read_bytes() for path in paths]


def test_a_picture_for_each_group_of_15_7_by_8_27_inch(tmp_path):
    structures = [f"s{number}" for number in range(8)]
    table = table_of(RUNS, structures, 4)
    pictures = draw_all(tmp_path, table, structures, ["1.png", "2.png"], epoch=3)
    sizes = {Image.open(io.BytesIO(picture)).size for picture in pictures}
    assert sizes == {(int(15.7 * 40), int(8.27 * 40))}
    assert pictures[0] != pictures[1]


def test_only_the_rows_of_the_mode_are_drawn(tmp_path):
    test, val = (table_of(RUNS[:1], ["left"], n, mode) for n, mode in ((4, "Test"), (5, "Val")))
    first = draw_all(tmp_path, test, ["left"], ["1.png"])
    assert draw_all(tmp_path, pd.concat([val, test]), ["left"], ["2.png"]) == first


def test_too_few_paths_are_a_mistake(tmp_path):
    structures = [f"s{number}" for number in range(8)]
    with pytest.raises(ValueError, match="shorter"):
        draw_all(tmp_path, table_of(RUNS, structures, 4), structures, ["1.png"])


def test_same_scores_same_bytes_whatever_the_user_prefers(tmp_path):
    table = table_of(RUNS, ["left"], 5)
    first = draw_all(tmp_path, table, ["left"], ["1.png"])
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "yellow", "savefig.dpi": 17}):
        assert draw_all(tmp_path, table, ["left"], ["2.png"]) == first
    assert set(Image.open(io.BytesIO(first[0])).info) == {"dpi"}


def test_the_order_of_the_rows_does_not_matter_to_the_boxes():
    table = table_of(RUNS, ["left", "right"], 40)
    extents = [
        [patch.get_path().get_extents().bounds for patch in boxes(panel_of(rows))]
        for rows in (table, table[::-1])
    ]
    assert extents[0] == extents[1]
