"""Rows that a report counts: one target, a known label, the last epoch, each subject once."""

import pandas as pd
import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.scalar.target_rows import epoch_number, rows_of_target, targets_in


def table(*rows):
    columns = ["subject", "prediction_target", "label", "epoch", "data_split"]
    frame = pd.DataFrame(rows, columns=[*columns, "cross_validation_split_index"])
    return frame.assign(model_output=0.5)


ROWS = table(
    ("1", "01", 1.0, "9", "Val", "0"),
    ("1", "01", 1.0, "10", "Val", "0"),
    ("2", "01", 0.0, "10", "Val", "1"),
    ("3", "01", None, "10", "Val", "0"),
    ("4", "01", 1.0, "10", "Test", "0"),
    ("1", "02", 1.0, "10", "Val", "0"),
)


def test_the_last_epoch_of_a_target_with_labels_is_kept():
    assert rows_of_target(ROWS, "01")["subject"].tolist() == ["1", "2", "4"]


def test_rows_of_a_split_and_of_a_fold():
    assert rows_of_target(ROWS, "01", split="Val")["subject"].tolist() == ["1", "2"]
    assert rows_of_target(ROWS, "01", split="Val", fold=0)["subject"].tolist() == ["1"]
    assert not len(rows_of_target(ROWS, "01", split="Train"))


def test_a_subject_that_comes_twice_is_told_by_name():
    twice = table(*[(name, "01", 1.0, "3", "Val", "0") for name in ("10", "2", "2", "10", "5")])
    with pytest.raises(InnerEyeError, match=r"should be unique(?s:.*)subject 2\n.*subject 10$"):
        rows_of_target(twice, "01", split="Val")


def test_the_originals_word_for_its_last_epoch_is_before_all_numbers():
    assert [epoch_number(text) for text in ("best_validation_epoch", "0", "12")] == [-1, 0, 12]
    with pytest.raises(InnerEyeError, match="the epoch 'last'"):
        epoch_number("last")


def test_targets_come_default_first_then_by_name_or_as_they_are_given():
    found = table(*[("1", name, 1.0, "0", "Val", "0") for name in ("A10", "A2", "Default")])
    assert targets_in(found) == ["Default", "A2", "A10"]
    assert targets_in(found, ["A10", "absent"]) == ["A10", "Default", "A2"]
