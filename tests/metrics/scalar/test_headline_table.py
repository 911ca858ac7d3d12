"""Intervals of all splits and targets: Test at the threshold of Val, folds by subject."""

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.scalar.headline_table import headline_table


def rows(split, labels, outputs, fold="0", epoch="3"):
    return pd.DataFrame(
        {
            "prediction_target": "Default",
            "subject": [f"{split}{row}" for row in range(len(labels))],
            "label": np.array(labels, float),
            "model_output": outputs,
            "epoch": epoch,
            "cross_validation_split_index": fold,
            "data_split": split,
        }
    )


VAL = rows("Val", [1, 0, 1, 0], [0.9, 0.3, 0.7, 0.1])
TEST = rows("Test", [1, 0, 0], [0.8, 0.75, 0.2])


def value(table, split, metric, column="value"):
    chosen = table[(table["data_split"] == split) & (table["metric"] == metric)]
    return chosen[column].item()


def test_test_is_measured_at_the_threshold_of_val():
    table = headline_table(pd.concat([VAL, TEST]), is_classification=True, resamples=20)
    assert value(table, "Test", "optimal_threshold") == pytest.approx(0.7)
    assert value(table, "Test", "accuracy_at_optimal_threshold") == pytest.approx(2 / 3)
    alone = headline_table(TEST, is_classification=True, resamples=20)
    assert value(alone, "Test", "accuracy_at_optimal_threshold") == 1


def test_the_last_epoch_counts():
    early = VAL.assign(epoch="2", model_output=0.5)
    table = headline_table(pd.concat([early, VAL]), is_classification=True, resamples=20)
    assert value(table, "Val", "subject_count") == 4
    assert value(table, "Val", "area_under_roc_curve") == 1


def test_a_subject_that_all_folds_score_is_drawn_as_one():
    folds = pd.concat([TEST.assign(cross_validation_split_index=str(k)) for k in range(3)])
    table = headline_table(folds, is_classification=True, resamples=20)
    assert value(table, "Test", "subject_count") == 9
    assert "Wilson" not in set(table["method"])


def test_a_regression_and_a_table_without_rows():
    table = headline_table(VAL, is_classification=False, resamples=20)
    assert list(table)[:3] == ["data_split", "prediction_target", "metric"]
    assert value(table, "Val", "mean_absolute_error") == pytest.approx(0.2)
    assert list(headline_table(VAL.iloc[:0], is_classification=True)) == list(table)
