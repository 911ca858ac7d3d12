"""A run's scores: one kind of table, whatever file they come from."""

import json
import math

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.runs.run_results import RunResults, read_run_metrics


def run(folder, *rows, header="Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm"):
    path = folder / "metrics.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return RunResults("mine", {"Test": path})


def test_metrics_csv_is_read_as_it_stands(tmp_path):
    metrics = read_run_metrics(run(tmp_path, "2,a,0.500,inf,1.000", "1,a,0.600,,"), "Test")
    assert metrics["Patient"].tolist() == ["2", "1"]
    assert metrics["Dice"].tolist() == [0.5, 0.6]
    assert metrics["HausdorffDistance_mm"].tolist() == pytest.approx(
        [math.inf, math.nan], nan_ok=True
    )
    assert metrics["seriesId"].tolist() == ["", ""]


def test_the_cases_of_nnunet_are_their_own_series(tmp_path):
    case = {"reference_file": "gt/case_7.nii.gz", "metrics": {"1": {"Dice": 0.75}}}
    path = tmp_path / "summary.json"
    path.write_text(json.dumps({"metric_per_case": [case]}))
    metrics = read_run_metrics(RunResults("nnunet", {"Test": path}), "Test")
    assert metrics.iloc[0][["Patient", "seriesId", "Dice"]].tolist() == ["case_7", "case_7", 0.75]
    assert metrics[["HausdorffDistance_mm", "MeanDistance_mm"]].isna().to_numpy().all()


def test_the_epoch_is_that_of_the_folder(tmp_path):
    path = tmp_path / "epoch_012" / "Test" / "metrics.csv"
    assert RunResults("a", {"Test": path}).epoch == 12
    assert RunResults("a", {"Test": tmp_path / "Test" / "metrics.csv"}).epoch is None


def test_a_file_without_dice_is_refused(tmp_path):
    wrong = run(tmp_path, header="Patient,Structure,MeanDistance_mm")
    with pytest.raises(InnerEyeError, match=r"Run 'mine': .* has no column Dice"):
        read_run_metrics(wrong, "Test")


def test_dice_in_percent_is_refused(tmp_path):
    with pytest.raises(InnerEyeError, match="holds a Dice of 81; scores from 0 to 1"):
        read_run_metrics(run(tmp_path, "1,a,0.5,,", "2,a,81,,"), "Test")


def test_a_structure_twice_is_refused(tmp_path):
    with pytest.raises(InnerEyeError, match="more than one row of subject 1, structure 'a'"):
        read_run_metrics(run(tmp_path, "1,a,0.5,,", "1,b,0.5,,", "1,a,0.6,,"), "Test")
