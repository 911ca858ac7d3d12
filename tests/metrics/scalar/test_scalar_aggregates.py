"""metrics_aggregates.csv of scalar models: computed once on all rows, to the letter."""

import io
import math

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sklearn

from innereye.metrics.scalar.aggregates import scalar_aggregates, write_scalar_aggregates

KEYS = ["epoch", "data_split", "cross_validation_split_index"]


def table(rows):
    columns = ["prediction_target", "subject", "label", "model_output", *KEYS]
    return pd.DataFrame(rows, columns=columns)


def written(tmp_path, frame):
    write_scalar_aggregates(tmp_path / "a.csv", frame)
    return (tmp_path / "a.csv").read_text()


def test_a_classification_to_the_letter(tmp_path):
    rows = [("Default", "1", 1, 0.75, "3", "Val", "0"), ("Default", "2", 0, 0.25, "3", "Val", "1")]
    assert written(tmp_path, scalar_aggregates(table(rows), is_classification=True)) == (
        "prediction_target,area_under_roc_curve,area_under_pr_curve,"
        "accuracy_at_optimal_threshold,false_positive_rate_at_optimal_threshold,"
        "false_negative_rate_at_optimal_threshold,optimal_threshold,cross_entropy,"
        "accuracy_at_threshold_05,subject_count,data_split,epoch\n"
        "Default,1.00000,1.00000,1.00000,0.00000,0.00000,0.75000,0.28768,1.00000,2.00000,Val,3\n"
    )


def test_a_regression_to_the_letter(tmp_path):
    rows = [("age", "1", 1, 2, "0", "Test", "0"), ("age", "2", 3, 3, "0", "Test", "1")]
    assert written(tmp_path, scalar_aggregates(table(rows), is_classification=False)) == (
        "prediction_target,mean_absolute_error,mean_squared_error,explained_variance,"
        "subject_count,data_split,epoch\n"
        "age,0.50000,0.50000,0.75000,2.00000,Test,0\n"
    )


def test_one_class_has_empty_fields_and_no_area_of_one(tmp_path):
    rows = [("Default", str(n), 1, 0.6, "0", "Val", "0") for n in range(3)]
    text = written(tmp_path, scalar_aggregates(table(rows), is_classification=True))
    assert text.splitlines()[1] == "Default,,,,,,,0.51083,1.00000,3.00000,Val,0"


def test_a_table_without_rows_gives_the_header_alone(tmp_path):
    text = written(tmp_path, scalar_aggregates(table([]), is_classification=True))
    assert len(text.splitlines()) == 1


def test_modes_epochs_and_targets_have_their_order():
    rows = [
        (target, "1", 1, 0.5, epoch, split, "0")
        for target in ("b", "Default", "a")
        for epoch in ("10", "9", "best_validation_epoch")
        for split in ("Val", "Test", "Train")
    ]
    found = scalar_aggregates(table(rows), is_classification=True)
    assert found["data_split"].tolist() == ["Test"] * 9 + ["Train"] * 9 + ["Val"] * 9
    assert found["epoch"].tolist()[:9:3] == ["best_validation_epoch", "9", "10"]
    assert found["prediction_target"].tolist()[:3] == ["Default", "a", "b"]
    given = scalar_aggregates(table(rows), is_classification=True, targets=["b", "a"])
    assert given["prediction_target"].tolist()[:3] == ["b", "a", "Default"]


def folds(number_of_subjects=60):
    """Return rows of five folds, outputs of which are on different scales."""
    draw = np.random.default_rng(5)
    fold = np.arange(number_of_subjects) % 5
    label = draw.integers(0, 2, number_of_subjects)
    output = 1 / (1 + np.exp(-draw.normal(1.5 * label + 0.5 * fold - 1.5)))
    return table(
        {
            "prediction_target": "Default",
            "subject": [str(n) for n in range(number_of_subjects)],
            "label": label.astype(float),
            "model_output": output.round(6),
            "epoch": "3",
            "data_split": "Val",
            "cross_validation_split_index": fold.astype(str),
        }
    )


def test_folds_are_pooled_as_scikit_learn_recomputes_it():
    pooled = folds()
    label, output = pooled["label"], pooled["model_output"]
    found = scalar_aggregates(pooled, is_classification=True).iloc[0]
    false_rate, true_rate, thresholds = sklearn.roc_curve(label, output, drop_intermediate=False)
    best = int(np.argmax(true_rate - false_rate))
    precision, recall, _ = sklearn.precision_recall_curve(label, output)
    expected = {
        "area_under_roc_curve": sklearn.roc_auc_score(label, output),
        "area_under_pr_curve": sklearn.auc(recall, precision),
        "accuracy_at_optimal_threshold": (label == (output >= thresholds[best])).mean(),
        "false_positive_rate_at_optimal_threshold": false_rate[best],
        "false_negative_rate_at_optimal_threshold": 1 - true_rate[best],
        "optimal_threshold": thresholds[best],
        "cross_entropy": sklearn.log_loss(label, output),
        "accuracy_at_threshold_05": sklearn.accuracy_score(label, output > 0.5),
        "subject_count": 60,
    }
    assert dict(found[list(expected)]) == pytest.approx(expected, abs=1e-6)


def test_pooled_values_are_no_means_over_folds():
    pooled = folds()
    found = scalar_aggregates(pooled, is_classification=True).iloc[0]["area_under_roc_curve"]
    of_folds = [
        sklearn.roc_auc_score(rows["label"], rows["model_output"])
        for _, rows in pooled.groupby("cross_validation_split_index")
    ]
    assert abs(found - np.mean(of_folds)) > 0.01


def test_a_pooled_regression_as_scikit_learn_recomputes_it():
    pooled = folds().assign(label=lambda rows: rows["label"] * 3 + rows["model_output"])
    found = scalar_aggregates(pooled, is_classification=False).iloc[0]
    label, output = pooled["label"], pooled["model_output"]
    expected = {
        "mean_absolute_error": sklearn.mean_absolute_error(label, output),
        "mean_squared_error": sklearn.mean_squared_error(label, output),
        "explained_variance": sklearn.explained_variance_score(label, output),
    }
    assert dict(found[list(expected)]) == pytest.approx(expected, abs=1e-6)


def test_rows_in_another_order_give_the_same_file(tmp_path):
    pooled = folds()
    frames = [pooled, pooled.sample(frac=1, random_state=0)]
    texts = [
        written(tmp_path, scalar_aggregates(frame, is_classification=True)) for frame in frames
    ]
    assert texts[0] == texts[1]


def test_twelve_rows_of_the_original(tmp_path):
    # The original's case "area under the PR curve per prediction target": two of three targets.
    text = (
        "prediction_target,epoch,subject,model_output,label,cross_validation_split_index,data_split\n"
        "01,1,2137.00005,0.54349,1.0,0,Val\n01,1,2137.00125,0.54324,0.0,1,Val\n"
        "01,1,3250.00005,0.50822,0.0,0,Val\n02,1,2137.00005,0.55538,1.0,0,Val\n"
        "02,1,2137.00125,0.55759,0.0,1,Val\n02,1,3250.00005,0.47255,0.0,0,Val\n"
    )
    frame = pd.read_csv(io.StringIO(text), dtype=str)
    frame = frame.astype({"label": float, "model_output": float})
    found = scalar_aggregates(frame, is_classification=True)
    assert found["area_under_pr_curve"].tolist() == [1.0, 0.25]
    assert found["prediction_target"].tolist() == ["01", "02"]
    assert not math.isnan(found["optimal_threshold"].iloc[0])
