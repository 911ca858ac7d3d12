"""Are earlier runs copied and put beside this one?"""

import json

import pytest

from innereye.io.files import read_table
from innereye.metrics.runs.baselines import collect_baselines, fetch_baseline
from innereye.metrics.runs.runs_table import read_runs_table

HEADER = "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm\n"


@pytest.fixture
def current(tmp_path):
    folder = tmp_path / "outputs"
    for epoch, dice in ((2, 0.7), (3, 0.8)):
        for split in ("Val", "Test"):
            place = folder / f"epoch_{epoch:03d}" / split
            place.mkdir(parents=True)
            (place / "metrics.csv").write_text(f"{HEADER}1,a,{dice:.3f},1.000,inf\n")
    (folder / "dataset.csv").write_text("subject,seriesId\n1,s1\n")
    return folder


def collected(current, **options):
    copies = [current / "old" / "epoch_005" / "Test" / "metrics.csv"]
    copies[0].parent.mkdir(parents=True, exist_ok=True)
    copies[0].write_text(f"{HEADER}1,a,0.600,2.000,1.000\n")
    copies[0].with_name("dataset.csv").write_text("subject,seriesId\n1,s1\n")
    table_csv = current / "MetricsAcrossAllRuns.csv"
    values = {"epoch_json": None, "epochs": [2, 3], "has_val": True} | options
    collect_baselines(
        run_folder=current,
        names=["old"],
        copies=copies,
        ignore_subjects=[],
        table_csv=table_csv,
        **values,
    )
    return read_runs_table(table_csv)


def test_the_reported_epoch_stands_beside_the_earlier_run(current):
    table = collected(current)
    assert list(table["split"]) == ["CURRENT", "old"]
    assert list(table["Dice"].round(6)) == [80, 60]
    assert set(table["mode"]) == {"Test"}


def test_an_ensemble_says_its_epoch(current):
    chosen = current / "reported_epoch.json"
    chosen.write_text(json.dumps({"epoch": 2, "reason": "best"}))
    assert collected(current, epoch_json=chosen)["Dice"].iloc[0] == pytest.approx(70)


def test_scores_are_copied_as_they_are(tmp_path):
    (tmp_path / "metrics.csv").write_text(f"{HEADER}1,a,0.700,1.000,inf\n")
    (tmp_path / "dataset.csv").write_text("subject,seriesId\n1,s1\n")
    copies = {name: tmp_path / "copy" / f"{name}.csv" for name in ("metrics", "dataset")}
    source = {name: str(tmp_path / f"{name}.csv") for name in copies}
    fetch_baseline("old", source, metrics_csv=copies["metrics"], dataset_csv=copies["dataset"])
    for name, copy in copies.items():
        assert copy.read_bytes() == (tmp_path / f"{name}.csv").read_bytes()


def test_scores_of_nnunet_become_a_table(tmp_path):
    cases = [{"metrics": {"1": {"Dice": 0.75}}, "reference_file": "x/case_7.nii.gz"}]
    (tmp_path / "summary.json").write_text(json.dumps({"metric_per_case": cases}))
    source = {"metrics": str(tmp_path / "summary.json"), "dataset": ""}
    metrics, dataset = tmp_path / "copy" / "metrics.csv", tmp_path / "copy" / "dataset.csv"
    fetch_baseline("nnU-Net", source, metrics_csv=metrics, dataset_csv=dataset)
    assert metrics.read_text() == f"{HEADER}case_7,label_1,0.750,,\n"
    assert read_table(dataset).to_dict("list") == {"subject": ["case_7"], "seriesId": ["case_7"]}
