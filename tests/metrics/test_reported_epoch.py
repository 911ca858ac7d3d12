"""The reported epoch: best on Val."""

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.reported_epoch import reported_epoch


def val_metrics(folder, dice_of_epoch):
    """Write one metrics.csv per epoch: {epoch: {(subject, structure): Dice or ''}}."""
    paths = {}
    for epoch, scores in dice_of_epoch.items():
        paths[epoch] = folder / f"{epoch}.csv"
        lines = [f"{subject},{structure},{dice}" for (subject, structure), dice in scores.items()]
        paths[epoch].write_text("\n".join(["Patient,Structure,Dice", *lines]) + "\n")
    return paths


def test_an_earlier_better_epoch_is_reported(tmp_path):
    paths = val_metrics(tmp_path, {2: {("1", "a"): 0.9}, 10: {("1", "a"): 0.8}})
    assert reported_epoch(paths) == 2


def test_ties_go_to_the_later_epoch(tmp_path):
    first = {("1", "a"): 0.1, ("2", "a"): 0.2, ("3", "a"): 0.3}
    second = {("1", "a"): 0.3, ("2", "a"): 0.2, ("3", "a"): 0.1}
    assert reported_epoch(val_metrics(tmp_path, {5: first, 3: second})) == 5


def test_subjects_count_equally_whatever_structures_they_lack(tmp_path):
    # Pooled over rows, epoch 1 would be better: 0.6 against 0.57.
    first = {("1", "a"): 0.9, ("1", "b"): 0.9, ("2", "a"): 0.0, ("2", "b"): ""}
    second = {("1", "a"): 0.5, ("1", "b"): 0.5, ("2", "a"): 0.7, ("2", "b"): ""}
    assert reported_epoch(val_metrics(tmp_path, {1: first, 2: second})) == 2
    assert reported_epoch(val_metrics(tmp_path, {1: second, 2: first})) == 1


def test_an_epoch_without_val_scores_means_the_last(tmp_path):
    paths = val_metrics(tmp_path, {1: {("1", "a"): 0.9}, 2: {("1", "a"): 0.1}})
    assert reported_epoch({**paths, 3: None}) == 3
    assert reported_epoch({**paths, 2: None}) == 2
    paths = val_metrics(tmp_path, {1: {("1", "a"): ""}, 2: {("1", "a"): ""}})
    assert reported_epoch(paths) == 2


def test_a_missing_file_and_no_epoch_are_errors(tmp_path):
    with pytest.raises(InnerEyeError, match=r"gone\.csv"):
        reported_epoch({1: tmp_path / "gone.csv"})
    with pytest.raises(ValueError, match="at least one"):
        reported_epoch({})
