"""Folds in one table, and MetricsAcrossAllRuns.csv."""

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.scalar.pooled_runs import all_runs_table, pool_folds, write_all_runs

HEADER = (
    "prediction_target,subject,model_output,label,epoch,cross_validation_split_index,data_split"
)


def file_of(folder, name, *rows):
    (folder / name).write_text("\n".join([HEADER, *rows]) + "\n")
    return folder / name


@pytest.fixture
def folds(tmp_path):
    zero = file_of(tmp_path, "0.csv", "01,10,0.2,0,3,0,Val", "01,2,0.8,1,2,0,Val")
    one = file_of(tmp_path, "1.csv", "01,9,0.4,1,3,1,Val", "01,9,0.6,1,3,1,Val")
    test = file_of(tmp_path, "test.csv", "01,7,0.5,1,3,0,Test", "01,10,0.9,1,3,0,Train")
    return {"Val": [zero, one], "Test": [test, test], "Train": []}


def test_the_table_of_all_runs_to_the_letter(folds, tmp_path):
    table = all_runs_table(pool_folds(folds, number_of_folds=2))
    write_all_runs(tmp_path / "all.csv", table)
    assert (tmp_path / "all.csv").read_text() == (
        "prediction_target,subject,label,epoch,cross_validation_split_index,data_split,"
        "model_output\n"
        "01,2,1.000000,2,0,Val,0.800000\n"
        "01,7,1.000000,3,0,Test,0.500000\n"
        "01,9,1.000000,3,1,Val,0.500000\n"
        "01,10,0.000000,3,0,Val,0.200000\n"
    )


def test_rows_of_train_are_pooled_and_left_out_of_the_table(tmp_path):
    train = file_of(tmp_path, "t.csv", "01,10,0.9,1,3,0,Train")
    pooled = pool_folds({"Train": [train]}, number_of_folds=1)
    assert pooled["data_split"].tolist() == ["Train"]
    assert not len(all_runs_table(pooled))


def test_rows_of_another_mode_than_that_of_the_file_are_left_out(folds):
    pooled = pool_folds({"Test": folds["Test"]}, number_of_folds=2)
    assert pooled["data_split"].tolist() == ["Test", "Test"]


def test_rows_of_one_epoch(folds):
    pooled = pool_folds(folds, number_of_folds=2, epoch=2)
    assert pooled["subject"].tolist() == ["2"]


def test_a_mode_that_some_folds_lack_is_refused(folds):
    with pytest.raises(InnerEyeError, match=r"3 folds allow 0 or 3(?s:.*)Val: 2 (?s:.*)Test: 2"):
        pool_folds(folds, number_of_folds=3)


def test_a_file_without_epochs_is_refused(tmp_path):
    path = tmp_path / "outputs.csv"
    path.write_text("prediction_target,subject,label,model_output\nDefault,1,1,0.5\n")
    with pytest.raises(InnerEyeError, match="no column epoch"):
        pool_folds({"Val": [path]}, number_of_folds=1)


def test_no_files_and_empty_files_give_a_table_without_rows(tmp_path):
    empty = file_of(tmp_path, "empty.csv")
    for files in ({}, {"Test": []}, {"Test": [empty]}):
        table = all_runs_table(pool_folds(files, number_of_folds=1))
        assert (len(table), list(table)[-1]) == (0, "model_output")
        assert table["model_output"].dtype == float
