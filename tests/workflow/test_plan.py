"""What the Snakefile is told of a run."""

from pathlib import Path

import pytest

from innereye.workflow.load import load_plan
from innereye.workflow.plan import Plan
from projects import TINY


@pytest.fixture
def plan_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes the plan of a config, in an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def make(**config: object) -> Plan:
        return load_plan(config, basedir=tmp_path)

    return make


def test_only_code_of_the_user_counts_as_such(plan_of, tmp_path: Path) -> None:
    assert plan_of(model="HelloWorld").user_files == ()
    code = tmp_path / "PlanCode" / "ML" / "configs"
    code.mkdir(parents=True)
    (code / "Tiny.py").write_text(TINY)
    own = {"extra_code_directory": "PlanCode", "model_configs_namespace": "PlanCode.ML.configs"}
    assert plan_of(model="Tiny", **own).user_files == (code / "Tiny.py",)


@pytest.mark.parametrize(
    ("config", "fold_splits", "ensemble_splits"),
    [
        ({}, ["Val", "Test"], ["Test"]),
        ({"inference_on_val_set": False}, ["Test"], ["Test"]),
        ({"inference_on_train_set": True}, ["Train", "Val", "Test"], ["Test"]),
        ({"ensemble_inference_on_val_set": "yes"}, ["Val", "Test"], ["Val", "Test"]),
        ({"ensemble_inference_on_test_set": "off"}, ["Val", "Test"], []),
    ],
)
def test_which_splits_are_segmented(plan_of, config, fold_splits, ensemble_splits) -> None:
    plan = plan_of(model="HelloWorld", number_of_cross_validation_splits=3, **config)
    assert plan.splits_of("outputs/CrossValResults/2") == fold_splits
    assert plan.splits_of("outputs/CrossValResults/ENSEMBLE") == ensemble_splits


def test_what_is_compared_is_known_before_any_run(plan_of) -> None:
    plan = plan_of(model="HelloWorld", number_of_cross_validation_splits=2)
    assert plan.crossval.analysis.compared == ("0", "1", "ENSEMBLE")
    names = [path.rpartition("/")[2] for path in plan.crossval.analysis.scatterplots]
    assert names == ["0_vs_1.png", "0_vs_ENSEMBLE.png", "1_vs_ENSEMBLE.png"]
    on_val = plan_of(
        model="HelloWorld", number_of_cross_validation_splits=2, evaluation_set_name="val"
    )
    assert on_val.crossval.analysis.compared == ("0", "1")


def test_many_structures_make_several_box_plots(plan_of) -> None:
    structures = ",".join(f"s{number}" for number in range(20))
    plan = plan_of(model="HelloWorld", ground_truth_ids=structures, class_weights=None)
    names = [path.rpartition("/")[2] for path in plan.crossval.analysis.split_plots]
    assert {f"Dice_Test_Splits_{number}.png" for number in (1, 2, 3)} <= set(names)
    assert len(names) == 3 * 2 * 3


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        ("a=/x,a=/y", "names 'a' twice"),
        ("CrossValResults=/x", "must not name a run 'CrossValResults'"),
        ("a/b=/x", "must not name a run 'a/b'"),
        ("a", "needs names and folders of earlier runs"),
        ("a=/nowhere/x", "/nowhere/x does not exist"),
    ],
)
def test_names_of_earlier_runs_are_checked(plan_of, paths: str, sentence: str) -> None:
    with pytest.raises(Exception, match=sentence):
        plan_of(model="HelloWorld", comparison_blob_storage_paths=paths)
