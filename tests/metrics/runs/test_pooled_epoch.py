"""The reported epoch of all folds: best on all Val subjects together."""

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.runs.pooled_epoch import pooled_reported_epoch


def fold(folder, *scores):
    """A metrics.csv with the Dice of one subject after the other."""
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    rows = [f"{path.stem}_{index},a,{dice}" for index, dice in enumerate(scores)]
    path.write_text("\n".join(["Patient,Structure,Dice", *rows]) + "\n")
    return path


def test_the_best_epoch_of_all_subjects_wins(tmp_path):
    first = [fold(tmp_path, 0.9, 0.9), fold(tmp_path, 0.6)]
    second = [fold(tmp_path, 0.7, 0.7), fold(tmp_path, 0.9)]
    assert pooled_reported_epoch({2: first, 10: second}) == 2


def test_subjects_count_alike_and_not_folds(tmp_path):
    # The mean of the folds' means would be 0.6 against 0.65.
    first = [fold(tmp_path, 0.9, 0.9, 0.9), fold(tmp_path, 0.3)]
    second = [fold(tmp_path, 0.7, 0.7, 0.7), fold(tmp_path, 0.6)]
    assert pooled_reported_epoch({1: first, 2: second}) == 1


def test_ties_go_to_the_later_epoch(tmp_path):
    # The sums differ in the last bit only, and the earlier epoch has the larger one.
    first = [fold(tmp_path, 0.0, 0.1), fold(tmp_path, 0.2)]
    second = [fold(tmp_path, 0.0, 0.0), fold(tmp_path, 0.3)]
    assert pooled_reported_epoch({5: second, 3: first}) == 5


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_fold_without_val_scores_means_the_last_epoch(epoch, tmp_path):
    scored = {1: [fold(tmp_path, 0.9), fold(tmp_path, 0.9)], 2: [fold(tmp_path, 0.1)] * 2}
    assert pooled_reported_epoch(scored) == 1
    assert pooled_reported_epoch({**scored, epoch: [scored[epoch][0], None]}) == 2


def test_empty_tables_leave_the_choice_to_the_other_folds(tmp_path):
    empty = fold(tmp_path)
    assert (
        pooled_reported_epoch({1: [empty, fold(tmp_path, 0.9)], 2: [empty, fold(tmp_path, 0.1)]})
        == 1
    )
    assert pooled_reported_epoch({1: [empty, empty], 2: [empty, empty]}) == 2
    assert pooled_reported_epoch({1: [fold(tmp_path, 0.9)], 2: []}) == 2


def test_a_missing_file_and_no_epoch_are_errors(tmp_path):
    with pytest.raises(InnerEyeError, match=r"gone\.csv"):
        pooled_reported_epoch({1: [tmp_path / "gone.csv"]})
    with pytest.raises(ValueError, match="at least one"):
        pooled_reported_epoch({})
