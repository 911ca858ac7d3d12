"""Runs of a cross-validation: folds by number, the ensemble last and on Test only."""

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.runs.crossval_results import find_crossval_runs


def results(root, runs, *, epoch="epoch_003/", modes=("Val", "Test"), dataset=True):
    """A folder CrossValResults with these runs, each with metrics of the modes."""
    base = root / "outputs" / "CrossValResults"
    for run in runs:
        for mode in modes:
            folder = base / run / f"{epoch}{mode}"
            folder.mkdir(parents=True)
            (folder / "metrics.csv").write_text("Patient,Structure,Dice\n")
        if dataset:
            (base / run / "dataset.csv").write_text("subject\n")
    return base


TWELVE = [str(index) for index in range(12)]


@pytest.mark.parametrize("epoch", ["epoch_003/", ""])
def test_folds_come_by_number_and_the_ensemble_last(epoch, tmp_path):
    base = results(tmp_path, ["ENSEMBLE", *reversed(TWELVE)], epoch=epoch)
    runs = find_crossval_runs(base)
    assert [run.name for run in runs] == [*TWELVE, "ENSEMBLE"]
    assert [set(run.metrics) for run in runs] == [{"Val", "Test"}] * 12 + [{"Test"}]
    assert runs == find_crossval_runs(base.parent)


def test_the_epoch_asked_for_is_read(tmp_path):
    results(tmp_path, ["0", "1"], epoch="epoch_002/")
    base = results(tmp_path, ["0", "1"], epoch="epoch_003/")
    assert {run.epoch for run in find_crossval_runs(base)} == {3}
    assert {run.epoch for run in find_crossval_runs(base, epoch=2)} == {2}


def test_a_run_without_a_dataset_has_that_of_another(tmp_path):
    base = results(tmp_path, ["0"], dataset=False)
    results(tmp_path, ["1"])
    assert [run.dataset_csv for run in find_crossval_runs(base)] == [base / "1" / "dataset.csv"] * 2


def test_other_folders_are_no_folds(tmp_path):
    base = results(tmp_path, ["0", "1"])
    results(tmp_path, ["scatterplots", "BASELINE", "01"])
    assert [run.name for run in find_crossval_runs(base)] == ["0", "1"]


@pytest.mark.parametrize("modes", [("Val",), ()])
def test_an_ensemble_without_test_scores_is_left_out(modes, tmp_path):
    base = results(tmp_path, ["0", "1"])
    results(tmp_path, ["ENSEMBLE"], modes=modes, dataset=bool(modes))
    (base / "ENSEMBLE").mkdir(exist_ok=True)
    assert [run.name for run in find_crossval_runs(base)] == ["0", "1"]


def test_folds_may_count_from_one(tmp_path):
    base = results(tmp_path, ["1", "2"])
    assert [run.name for run in find_crossval_runs(base, first_index=1)] == ["1", "2"]


@pytest.mark.parametrize(
    ("folds", "options", "needed"),
    [
        (["0", "1", "3"], {}, "0, 1, 2, 3"),
        (["1", "2"], {}, "0, 1, 2"),
        (["0", "1"], {"first_index": 1}, "1"),
        (["0", "1"], {"number_of_cross_validation_splits": 3}, "0, 1, 2"),
        (["0", "1", "2"], {"number_of_cross_validation_splits": 2}, "0, 1"),
    ],
)
def test_missing_and_surplus_folds_are_said(folds, options, needed, tmp_path):
    base = results(tmp_path, folds)
    with pytest.raises(
        InnerEyeError, match=f"holds the folds {', '.join(folds)}; needed are {needed},"
    ):
        find_crossval_runs(base, **options)


def test_a_fold_without_results_is_said(tmp_path):
    base = results(tmp_path, ["0", "1"])
    (base / "2").mkdir()
    with pytest.raises(InnerEyeError, match="2 holds no results"):
        find_crossval_runs(base)


def test_different_epochs_are_said(tmp_path):
    results(tmp_path, ["0"], epoch="epoch_002/")
    base = results(tmp_path, ["1"], epoch="epoch_003/")
    with pytest.raises(InnerEyeError, match=r"different epochs \(0: 2, 1: 3\); say which"):
        find_crossval_runs(base)


def test_a_mode_of_some_folds_only_is_said_when_the_number_is_known(tmp_path):
    base = results(tmp_path, ["0", "1", "2"], modes=["Test"])
    results(tmp_path, ["0", "1"], modes=["Val"], dataset=False)
    assert len(find_crossval_runs(base)) == 3
    with pytest.raises(
        InnerEyeError, match=r"3 folds allow 0, 1, 3 or 4 (.|\n)*Val: 2 runs \(0, 1\)"
    ):
        find_crossval_runs(base, number_of_cross_validation_splits=3)


def test_all_folds_with_and_without_ensemble_are_as_expected(tmp_path):
    base = results(tmp_path, ["0", "1", "2"])
    assert len(find_crossval_runs(base, number_of_cross_validation_splits=3)) == 3
    results(tmp_path, ["ENSEMBLE"])
    assert len(find_crossval_runs(base, number_of_cross_validation_splits=3)) == 4


def test_folders_without_folds_are_said(tmp_path):
    with pytest.raises(InnerEyeError, match="is not a folder; give CrossValResults"):
        find_crossval_runs(tmp_path / "nowhere")
    with pytest.raises(InnerEyeError, match="holds no folds"):
        find_crossval_runs(tmp_path)
