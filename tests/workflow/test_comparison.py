"""Runs side by side: earlier ones as baselines, finished ones after the fact."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from projects import Project

Copy = Callable[[Project], Project]
NOT_A_RUN = {"logs", ".snakemake", "comparison"}


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def runs_of(table: Path) -> list[str]:
    return list(pd.read_csv(table, dtype=str)["split"].unique())


def summary(folder: Path) -> Path:
    """Write what nnU-Net writes of the two Test subjects."""
    cases = [
        {"metrics": {"1": {"Dice": 0.5}, "2": {"Dice": 0.25}}, "reference_file": f"l/{case}.nii.gz"}
        for case in ("series_007", "series_008")
    ]
    folder.mkdir()
    labels = {"background": 0, "region": 1, "region_1": 2}
    (folder / "dataset.json").write_text(json.dumps({"labels": labels}))
    (folder / "summary.json").write_text(json.dumps({"metric_per_case": cases}))
    return folder / "summary.json"


def test_finished_runs_are_compared_without_being_touched(
    crossval: Project, finished: Project, project: Project
) -> None:
    before = hashes(crossval.path("outputs")) | hashes(finished.path("outputs"))
    runs = [finished.path("outputs"), crossval.path("outputs"), summary(project.path("nnunet"))]
    values = {"runs": ",".join(map(str, runs)), "run_names": "single,ensemble,nnU-Net"}
    project.succeed("--cores", "2", "compare_runs", **values)
    folder = project.path("comparison")
    assert runs_of(folder / "MetricsAcrossAllRuns.csv") == ["single", "ensemble", "nnU-Net"]
    tests = pd.read_csv(folder / "WilcoxonSignedRankTestResults.csv")
    assert set(tests["Run1"]) | set(tests["Run2"]) == {"single", "ensemble", "nnU-Net"}
    assert (tests["n"] == 2).all()
    assert (folder / "scatterplots" / "ensemble_vs_single.png").is_file()
    assert before == hashes(crossval.path("outputs")) | hashes(finished.path("outputs"))
    assert "Nothing to be done" in project.succeed("--dry-run", "compare_runs", **values)


@pytest.mark.slow
def test_a_cross_validation_is_plotted_anew(crossval: Project, project: Project) -> None:
    before = hashes(crossval.path("outputs"))
    values = {"crossval_dir": crossval.path("outputs"), "evaluation_set_name": "Val", "epoch": 2}
    project.succeed("--cores", "2", "plot_cross_validation", outlier_range=1, **values)
    own, anew = crossval.path("outputs", "CrossValResults"), project.path("comparison")
    for name in ("MetricsAcrossAllRuns.csv", "ResultsByFold.csv", "Dice_Val_Splits.png"):
        assert (own / name).read_bytes() == (anew / name).read_bytes()
    assert before == hashes(crossval.path("outputs"))


@pytest.mark.slow
def test_a_run_that_is_not_there_is_named(project: Project) -> None:
    assert "compare_runs needs --config runs=" in project.fail("compare_runs")
    assert "nowhere does not exist" in project.fail("compare_runs", runs="nowhere,data")
    for name in ("a", "b"):
        place = project.path(name, "Test")
        place.mkdir(parents=True)
        (place / "metrics.csv").write_text("Patient,Structure,Dice\n1,liver,0.5\n")
    assert "given twice" in project.fail("compare_runs", runs="a,a/../a", run_names="x,y")
    project.path("b", "epoch_003").mkdir()
    printed = project.fail("compare_runs", runs="a,b/Test", outputs_directory="b")
    assert "outputs_directory=b holds a run (epoch_003)" in printed
    printed = project.fail("-n", comparison_blob_storage_paths="old=nowhere")
    assert "old: nowhere does not exist" in printed


def test_a_single_model_is_compared_with_an_earlier_one(finished: Project, copy_of: Copy) -> None:
    project = copy_of(finished)
    values = {"comparison_blob_storage_paths": f"old={finished.path('outputs')}"}
    new = {"fetch_baselines", "collect_baselines", "compute_baseline_statistics"}
    new |= {"draw_baseline_scatterplots", "write_run_information"}
    assert project.jobs(**values) == new
    project.succeed("--cores", "2", **values)
    outputs = project.path("outputs")
    assert runs_of(outputs / "MetricsAcrossAllRuns.csv") == ["CURRENT", "old"]
    assert (outputs / "old" / "epoch_003" / "Test" / "metrics.csv").is_file()
    assert (outputs / "scatterplots" / "old_vs_CURRENT.png").is_file()
    assert (outputs / "BaselineComparisonWilcoxonSignedRankTestResults.txt").is_file()
    tests = pd.read_csv(outputs / "BaselineComparisonWilcoxonSignedRankTestResults.csv")
    assert set(tests["Run2"]) == {"CURRENT"}


def test_an_ensemble_is_compared_with_an_earlier_run(
    crossval: Project, finished: Project, copy_of: Copy
) -> None:
    project = copy_of(crossval)
    values = {"comparison_blob_storage_paths": f"old={finished.path('outputs')}"}
    folder = project.path("outputs", "BaselineComparisons")
    target = "outputs/BaselineComparisons/BaselineComparisonWilcoxonSignedRankTestResults.csv"
    assert "collect_ensemble_baselines" in project.jobs(**values)
    project.succeed("--cores", "2", target, **values)
    table = pd.read_csv(folder / "MetricsAcrossAllRuns.csv", dtype=str)
    ensemble = project.path("outputs", "epoch_002", "Test", "metrics.csv")
    own = pd.read_csv(ensemble)["Dice"].to_numpy() * 100
    assert (
        table[table["split"] == "CURRENT"]["Dice"].astype(float).to_numpy().tolist() == own.tolist()
    )
