"""Captions of a subject's images."""

import pandas as pd

from innereye.metrics.scalar.subject_outputs import outputs_of_subject, true_labels_of_subject

TABLE = pd.DataFrame(
    {
        "subject": ["01", "01", "1", "1"],
        "prediction_target": ["b", "a", "b", "a"],
        "label": [1.0, 1.0, 0.0, 0.0],
        "model_output": [0.1, 0.9, 0.5, 0.5],
    }
)


def test_outputs_of_a_subject_come_in_the_order_of_its_rows():
    assert outputs_of_subject(TABLE, "01") == [("b", 0.1), ("a", 0.9)]
    assert outputs_of_subject(TABLE, "2") == []


def test_true_labels_are_names_or_negative():
    assert true_labels_of_subject(TABLE, "01") == "b|a"
    assert true_labels_of_subject(TABLE, "1") == "Negative"
