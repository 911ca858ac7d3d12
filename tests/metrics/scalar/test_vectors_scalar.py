"""Conformance cases of the original: metrics, aggregates and reports of scalar models."""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.scalar.aggregates import scalar_aggregates, write_scalar_aggregates
from innereye.metrics.scalar.binary import binary_metrics
from innereye.metrics.scalar.combinations import combination_rows
from innereye.metrics.scalar.cross_entropy import posteriors_of
from innereye.metrics.scalar.subject_outputs import outputs_of_subject

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def selected(topic, word):
    path = VECTORS / "json" / f"{topic}.json"
    if not path.is_file():
        return []
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases if word in case["name"]]


@pytest.mark.parametrize("case", selected("scalar_and_training_metrics", "from logits"))
def test_binary_metrics(case):
    given, expected = case["input"], dict(case["expected"])
    # The original counts outputs above the threshold for the accuracy, but those at the threshold,
    # too, for its rates. Here both count the latter: with no miss and one of four negatives taken
    # for a positive, five of six are right.
    assert expected.pop("accuracy_at_optimal_threshold") == pytest.approx(4 / 6)
    logits = given["logits"]
    found = vars(binary_metrics(given["labels"], posteriors_of(logits), logits=logits))
    assert found["accuracy_at_optimal_threshold"] == pytest.approx(5 / 6)
    names = {name: name for name in expected} | {
        f"false_{kind}_rate": f"false_{kind}_rate_at_optimal_threshold"
        for kind in ("positive", "negative")
    }
    for name, value in expected.items():
        assert found[names[name]] == pytest.approx(value, abs=case["tolerance"])
    assert found["area_under_pr_curve"] == pytest.approx(0.666667, abs=1e-6)


@pytest.mark.parametrize("case", selected("scalar_and_training_metrics", "one class present"))
def test_one_class_has_no_area_unlike_the_original(case):
    found = binary_metrics(case["input"]["labels"], case["input"]["predictions"])
    assert np.isnan([found.area_under_roc_curve, found.area_under_pr_curve]).all()


@pytest.mark.parametrize("case", selected("crossval_classification", "per prediction target"))
def test_aggregates_of_pooled_folds(case, tmp_path):
    table = pd.read_csv(io.StringIO(case["input"]["csv"]), dtype=str)
    table = table.astype({"label": float, "model_output": float})
    path = tmp_path / "metrics_aggregates.csv"
    write_scalar_aggregates(path, scalar_aggregates(table, is_classification=True))
    found, expected = pd.read_csv(path, dtype=str), case["expected"]
    assert found["prediction_target"].tolist() == expected["prediction_targets"]
    assert found["area_under_pr_curve"].tolist() == expected["area_under_pr_curve"]
    assert set(found["epoch"]) == set(expected["epoch"])
    assert set(found["data_split"]) == set(expected["data_split"])


@pytest.mark.parametrize("case", selected("classification_report", "outputs of one subject"))
def test_outputs_of_a_subject(case):
    given = dict(case["input"])
    subject = given.pop("query_subject")
    found = outputs_of_subject(pd.DataFrame(given), subject)
    assert [list(pair) for pair in found] == case["expected"]


@pytest.mark.parametrize("case", selected("classification_report", "exact match"))
def test_combinations_of_targets(case):
    given, expected = case["input"], case["expected"]
    table = pd.DataFrame(given["table"])
    targets = given.get("targets") or list(dict.fromkeys(table["prediction_target"]))
    thresholds = dict(zip(targets, given["thresholds"], strict=True))
    found = combination_rows(table, given["match"], targets=targets, thresholds=thresholds)
    columns = {"labels": "label", "model_outputs": "model_output"}
    for name, values in expected.items():
        column = found[columns.get(name, name)]
        assert column.tolist() == (values if isinstance(values, list) else [values] * len(column))
