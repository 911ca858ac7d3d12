"""metrics.csv: order, rounding, empty fields; and the way back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import InnerEyeError
from innereye.metrics.metrics_csv import (
    metrics_frame,
    read_metrics,
    surface_metrics_frame,
    write_metrics,
)
from innereye.metrics.structure_score import StructureScore

NAN, INF = math.nan, math.inf
scores = st.one_of(st.floats(0, 1), st.just(NAN))
rows = st.lists(
    st.builds(
        StructureScore,
        subject=st.sampled_from(("5", "10", "a1", "07")),
        structure=st.sampled_from(("liver", "Spleen", "kidney")),
        dice=scores,
        hausdorff_mm=st.one_of(st.floats(0, 500), st.sampled_from((NAN, INF))),
        mean_distance_mm=st.one_of(st.floats(0, 500), st.sampled_from((NAN, INF))),
        hausdorff_95_mm=st.floats(0, 500),
        surface_dice=scores,
    ),
    max_size=12,
)


def row(subject, structure, dice, hausdorff=1.0, mean=0.5, hd95=1.0, surface_dice=0.9):
    return StructureScore(subject, structure, dice, hausdorff, mean, hd95, surface_dice)


def written(tmp_path, frame):
    write_metrics(tmp_path / "metrics.csv", frame)
    return (tmp_path / "metrics.csv").read_bytes().decode()


def test_metrics_csv_to_the_letter(tmp_path):
    frame = metrics_frame(
        [
            row("5", "liver", 0.91239),
            row("10", "liver", 0.9121, INF, INF),
            row("5", "kidney", NAN, NAN, NAN),
            row("10", "kidney", 0.5),
        ]
    )
    assert written(tmp_path, frame) == (
        "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm\n"
        "10,kidney,0.500,1.000,0.500\n"
        "5,kidney,,,\n"
        "10,liver,0.912,inf,inf\n"
        "5,liver,0.912,1.000,0.500\n"
    )


def test_ties_after_rounding_come_in_text_order_of_the_subjects():
    frame = metrics_frame([row("9", "s", 0.50001), row("10", "s", 0.50002), row("2", "s", 0.49999)])
    assert frame["Patient"].tolist() == ["10", "2", "9"]


def test_surface_metrics_come_worst_surface_dice_first(tmp_path):
    frame = surface_metrics_frame(
        [row("1", "s", 0.1, surface_dice=0.9), row("2", "s", 0.9, hd95=INF, surface_dice=0)]
    )
    assert written(tmp_path, frame) == (
        "Patient,Structure,HausdorffDistance95_mm,NormalizedSurfaceDice\n"
        "2,s,inf,0.000\n"
        "1,s,1.000,0.900\n"
    )


def test_no_rows_give_the_header_alone(tmp_path):
    text = written(tmp_path, metrics_frame([]))
    assert text == "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm\n"


@given(rows)
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("metrics") / "metrics.csv"
    frame = metrics_frame(rows)
    write_metrics(path, frame)
    assert read_metrics(path).to_dict("list").__repr__() == frame.to_dict("list").__repr__()


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(rows, random):
    unique = list({(row.subject, row.structure): row for row in rows}.values())
    shuffled = random.sample(unique, len(unique))
    assert metrics_frame(shuffled).equals(metrics_frame(unique))


def test_subject_ids_stay_text(tmp_path):
    write_metrics(tmp_path / "m.csv", metrics_frame([row("007", "s", 1), row("1e3", "s", 1)]))
    assert read_metrics(tmp_path / "m.csv")["Patient"].tolist() == ["007", "1e3"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Patient,Dice\n1,0.5\n", "not a table of metrics"),
        ("Patient,Structure,Other\n1,s,0.5\n", "not a table of metrics"),
        ("Patient,Structure,Dice\n1,s,good\n", "'good' is no number"),
        ("", "m.csv"),
    ],
)
def test_a_file_that_is_no_table_of_metrics_is_refused(tmp_path, content, message):
    (tmp_path / "m.csv").write_text(content)
    with pytest.raises(InnerEyeError, match=message):
        read_metrics(tmp_path / "m.csv")
