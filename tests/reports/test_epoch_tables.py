"""The course of a training is read from the tables that it wrote."""

import math

from card_runs import store_run
from innereye.names import Split
from innereye.reports.epoch_tables import AVERAGE, EPOCH, LOSS, read_epoch_metrics


def test_both_tables_are_read_as_numbers(tmp_path):
    run = store_run(tmp_path / "run", {}, epochs=2)
    table = run / "Val" / "epoch_metrics.csv"
    table.write_text("epoch,loss\n0,\n1,0.5\n")
    tables = read_epoch_metrics(run)
    assert list(tables[Split.TRAIN][EPOCH]) == [0, 1]
    assert list(tables[Split.TRAIN][AVERAGE]) == [0.125, 0.75]
    assert math.isnan(tables[Split.VAL][LOSS][0])


def test_a_folder_without_training_has_none(tmp_path):
    assert read_epoch_metrics(tmp_path) == {}
