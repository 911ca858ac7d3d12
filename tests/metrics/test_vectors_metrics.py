"""Conformance cases of the original: scores of structures, result files, outliers and rankings."""

import io
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innereye.io.image import read_image
from innereye.metrics.aggregates import write_aggregates
from innereye.metrics.metrics_csv import metrics_frame, read_metrics, write_metrics
from innereye.metrics.outliers import bad_limit, is_outlier, mark_outliers
from innereye.metrics.rankings import describe_structures, worst_subjects
from innereye.metrics.score_subject import score_structure
from innereye.metrics.structure_score import StructureScore
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE, PATIENT, STRUCTURE

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)
SHAPED = {"zeros": np.zeros, "ones": np.ones}


def cases(topic):
    path = VECTORS / "json" / f"{topic}.json"
    if not path.is_file():
        return []
    return [pytest.param(case, id=case["id"]) for case in json.loads(path.read_text())["cases"]]


def selected(topic, word):
    return [case for case in cases(topic) if word in case.values[0]["name"]]


# The case that reads a file has a test of its own: a mask that fills the image.
MASKS_IN_THE_CASE = [
    case
    for case in cases("dice_hausdorff_surface")
    if "ground_truth_file" not in case.values[0]["input"]
]


def mask(stored):
    if isinstance(stored, str):  # such as "zeros of shape [10,5,2]"
        kind, shape = stored.split(" of shape ")
        return SHAPED[kind](json.loads(shape), bool)
    return np.array(stored, bool)


def measured(prediction, truth, spacing):
    row = score_structure(
        prediction,
        truth,
        subject="1",
        structure="region",
        spacing_zyx_mm=tuple(float(size) for size in spacing),
        tolerance_mm=1.0,
    )
    return {DICE: row.dice, HAUSDORFF: row.hausdorff_mm, MEAN_DISTANCE: row.mean_distance_mm}


@pytest.mark.parametrize("case", MASKS_IN_THE_CASE)
def test_scores_of_a_structure(case):
    given = case["input"]
    scores = measured(mask(given["prediction"]), mask(given["ground_truth"]), given["spacing_zyx"])
    expected = case["expected"]
    names = [name.strip() for name in case["metric"].split(",")]
    if not isinstance(expected, dict):
        expected = dict.fromkeys(names, float(expected))
    tolerance = 0 if case["tolerance"] == "exact" else case["tolerance"]
    for name in names:
        assert scores[name] == pytest.approx(expected[name], abs=tolerance, rel=0, nan_ok=True)


@pytest.mark.parametrize("case", selected("dice_hausdorff_surface", "1 in every voxel"))
def test_a_full_mask_has_a_finite_mean_distance_unlike_the_original(case):
    truth = read_image(VECTORS / case["input"]["ground_truth_file"], np.uint8)
    scores = measured(
        np.ones_like(truth.array, bool), truth.array == 1, truth.geometry.spacing_zyx_mm
    )
    assert scores[DICE] == pytest.approx(case["expected"][DICE], abs=case["tolerance"])
    assert scores[HAUSDORFF] == pytest.approx(case["expected"][HAUSDORFF], abs=case["tolerance"])
    assert 0 <= scores[MEAN_DISTANCE] <= 10


@pytest.mark.parametrize("case", selected("result_files", "metrics.csv"))
def test_metrics_csv_to_the_byte(case, tmp_path):
    rows = [StructureScore(*row, math.nan, math.nan) for row in case["input"]]
    write_metrics(tmp_path / "metrics.csv", metrics_frame(rows))
    assert (tmp_path / "metrics.csv").read_text() == case["expected"]


def test_aggregates_of_the_stored_metrics(tmp_path):
    folder = VECTORS / "data" / "metrics_writer"
    write_aggregates(tmp_path / "a.csv", read_metrics(folder / "dummymodel_metrics.csv"))
    expected = (folder / "dummymodel_metrics_aggregates.csv").read_text()
    assert (tmp_path / "a.csv").read_text() == expected


@pytest.mark.parametrize("case", selected("result_files", "metrics.csv"))
def test_aggregates_of_the_metrics_of_the_case(case, tmp_path):
    rows = [StructureScore(*row, math.nan, math.nan) for row in case["input"]]
    write_aggregates(tmp_path / "a.csv", metrics_frame(rows))
    expected = VECTORS / "data" / "metrics_writer" / "metrics_aggregates.csv"
    assert (tmp_path / "a.csv").read_text() == expected.read_text()


def column(values, metric):
    return pd.DataFrame(
        {PATIENT: [str(i) for i in range(len(values))], STRUCTURE: "s", metric: values}
    )


@pytest.mark.parametrize("case", selected("outliers_and_segmentation_report", "outliers, "))
def test_outliers_of_one_structure(case):
    given = case["input"]
    if "type" in given:
        metric = DICE if given["type"] == "LOW" else HAUSDORFF
        table = column(given["values"], metric)
        found = is_outlier(table, metric, outlier_range=given["outlier_range"])
        assert table.loc[found, metric].tolist() == case["expected"]
    else:
        metric = DICE if given["high_values_are_good"] else HAUSDORFF
        marked = mark_outliers(
            column(given["values"], metric), metric, outlier_range=given["outlier_range"]
        )
        assert marked["is_outlier"].tolist() == case["expected"]["is_outlier"]


@pytest.mark.parametrize("case", selected("outliers_and_segmentation_report", "worst patients"))
def test_worst_subjects(case):
    given = case["input"]
    table = column(given["values"], DICE).assign(Patient=given["patients"])
    worst = worst_subjects(
        table, DICE, outlier_range=given["outlier_range"], max_rows=given["max_rows"]
    )
    assert worst[PATIENT].tolist() == case["expected"]["patients"]
    assert worst["is_outlier"].tolist() == case["expected"]["is_outlier"]


@pytest.mark.parametrize("case", selected("outliers_and_segmentation_report", "describe"))
def test_description_of_structures(case):
    given, expected = case["input"], case["expected"]
    table = describe_structures(
        pd.read_csv(io.StringIO(given["csv"])), given["metric"], ascending=given["ascending"]
    )
    assert list(table.columns) == expected["column_order"]
    for row, wanted in zip(table.to_dict("records"), expected["rows"], strict=True):
        assert row == pytest.approx(wanted, abs=case["tolerance"])


def test_the_limit_uses_the_standard_deviation_of_a_sample():
    assert bad_limit(np.arange(10.0), outlier_range=1, high_is_good=False) == pytest.approx(7.52765)
