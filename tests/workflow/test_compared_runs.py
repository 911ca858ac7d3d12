"""Which runs does a call compare, and which does it go on with?"""

from pathlib import Path

import pytest

from innereye.errors import ConfigError
from innereye.workflow.load import load_plan
from innereye.workflow.plan import Plan

SCORES = "Patient,Structure,Dice\n1,liver,0.5\n"
CROSSVAL, SINGLE = "main:HD_1", "main:main_1700000000_0a1b2c3d"
PLOT = {"plot_cross_validation"}


@pytest.fixture
def plan_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes a plan where two runs of the cloud have been fetched."""
    monkeypatch.chdir(tmp_path)
    fetched = tmp_path / "fetched"
    for run in (
        "HD_1/CrossValResults/0",
        "HD_1/CrossValResults/1",
        "HD_1/CrossValResults/ENSEMBLE",
    ):
        add_scores(fetched / run)
    add_scores(fetched / SINGLE.partition(":")[2])

    def make(*, makes: set[str] = PLOT, **config: object) -> Plan:
        def fetch(recovery_id: str) -> Path:
            return fetched / recovery_id.partition(":")[2]

        config = {"model": "HelloWorld", **config}
        return load_plan(config, basedir=tmp_path, makes=makes, fetch_run=fetch)

    return make


def add_scores(run: Path) -> None:
    (run / "epoch_002" / "Test").mkdir(parents=True)
    (run / "epoch_002" / "Test" / "metrics.csv").write_text(SCORES)


def names(plan: Plan) -> list[str]:
    return [run.name for run in plan.comparison.runs]


def test_plot_cross_validation_plots_the_run_in_the_cloud(plan_of) -> None:
    plan = plan_of(run_recovery_id=CROSSVAL)
    assert names(plan) == ["0", "1", "ENSEMBLE"]
    assert plan.comparison.analysis.with_folds


def test_any_other_target_goes_on_with_it(plan_of) -> None:
    plan = plan_of(makes=set(), run_recovery_id=CROSSVAL, overwrite=True)
    assert names(plan) == []


def test_labels_name_further_runs_in_the_cloud(plan_of) -> None:
    plan = plan_of(
        run_recovery_id=CROSSVAL, comparison_run_recovery_ids=SINGLE, comparison_labels="old"
    )
    assert names(plan) == ["0", "1", "ENSEMBLE", "old"]
    assert plan.comparison.analysis.against == ("0", "1", "ENSEMBLE")


def test_runs_in_the_cloud_are_named_by_their_ids_and_the_ensemble_stands_for_its_folds(
    plan_of, tmp_path: Path
) -> None:
    add_scores(tmp_path / "here")
    plan = plan_of(makes={"compare_runs"}, runs=f"{CROSSVAL},{SINGLE},here")
    assert names(plan) == ["HD_1", "main_1700000000_0a1b2c3d", "here"]
    ensemble = plan.comparison.runs[0].metrics["Test"]
    assert "CrossValResults/ENSEMBLE/epoch_002" in str(ensemble)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (
            {"run_recovery_id": CROSSVAL, "crossval_dir": "x"},
            "are both given; each names the cross",
        ),
        ({"run_recovery_id": CROSSVAL, "runs": "x"}, "runs and a cross-validation are both given"),
        ({"run_recovery_id": SINGLE}, "holds no folds"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(plan_of, config, sentence) -> None:
    with pytest.raises(ConfigError, match=sentence):
        plan_of(**config)


def test_without_a_workspace_a_run_in_the_cloud_is_out_of_reach(tmp_path: Path) -> None:
    config = {"model": "HelloWorld", "run_recovery_id": CROSSVAL}
    with pytest.raises(ConfigError, match="which cannot be asked here"):
        load_plan(config, basedir=tmp_path, makes=PLOT)
