"""What a cross-validation leaves behind, and what a change of it runs again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.image import imread

from card_checks import contradictions, faults_of
from projects import Project

Copy = Callable[[Project], Project]

RUNS = ["0", "1", "ENSEMBLE"]
STRUCTURES = ["region", "region_1"]
WITH_PLOTS = ["Dice_{}_Splits.png", "HausdorffDistance_mm_{}_splits.png"]
RECORD = {"write_run_information", "publish_report"}
AFTER_TABLE = {"compute_statistics", "find_run_outliers", "plot_splits", "draw_scatterplots"}
OF_ENSEMBLE = {"aggregate", "find_outliers", "plot_metrics", "draw_thumbnails", "publish_ensemble"}
OF_ENSEMBLE |= {"write_ensemble_card"}


def path(project: Project, *parts: str) -> Path:
    return project.path("outputs", "CrossValResults", *parts)


def rows(project: Project, name: str = "MetricsAcrossAllRuns.csv") -> pd.DataFrame:
    return pd.read_csv(path(project, name), dtype={"Patient": str, "split": str})


def scores_of(project: Project, run: str, split: str) -> pd.DataFrame:
    """Return the scores of a split, structures in the order of their labels."""
    folder = path(project, run, "epoch_002", split)
    names = ("metrics.csv", "surface_metrics.csv")
    both = [pd.read_csv(folder / name, dtype={"Patient": str}) for name in names]
    joined = both[0].merge(both[1], on=["Patient", "Structure"])
    return joined.sort_values("Structure", kind="stable")


def subjects(project: Project, run: str, part: str) -> set[str]:
    table = pd.read_csv(path(project, run, f"{part}_dataset.csv"), dtype=str)
    return set(table["subject"])


def test_the_val_sets_of_the_folds_part_train_and_val(crossval: Project) -> None:
    folds = [subjects(crossval, run, "val") for run in ("0", "1")]
    assert folds[0] | folds[1] == set("123456")
    assert not folds[0] & folds[1]
    for run, val in zip(("0", "1"), folds, strict=True):
        assert subjects(crossval, run, "train") == set("123456") - val
        assert subjects(crossval, run, "test") == set("78")


@pytest.mark.parametrize("run", RUNS)
def test_every_run_has_its_scores(crossval: Project, run: str) -> None:
    scores = pd.read_csv(path(crossval, run, "epoch_002", "Test", "metrics.csv"), dtype=str)
    expected = [(subject, s) for subject in "78" for s in STRUCTURES]
    assert sorted(zip(scores["Patient"], scores["Structure"], strict=True)) == expected
    assert path(crossval, run, "report.html").is_file()
    assert path(crossval, run, "epoch_002", "Val").exists() == (run != "ENSEMBLE")


def test_one_table_holds_all_rows(crossval: Project) -> None:
    table = rows(crossval)
    counts = table.groupby(["mode", "split"], sort=False).size().to_dict()
    test = {("Test", run): 4 for run in RUNS}
    assert counts == {("Val", "0"): 6, ("Val", "1"): 6, **test}
    assert list(counts) == [("Val", "0"), ("Val", "1"), *test]
    assert table["Dice"].max() > 1
    assert (
        set(table["seriesId"]) == {f"series_{i:03d}" for i in range(1, 9)}
        or table["seriesId"].notna().all()
    )


@pytest.mark.parametrize("mode", ["Val", "Test"])
@pytest.mark.parametrize("name", WITH_PLOTS)
def test_there_is_a_box_plot_of_each_metric_and_split(
    crossval: Project, name: str, mode: str
) -> None:
    picture = imread(path(crossval, name.format(mode)))
    assert picture.shape[1] > 1000
    assert picture[..., :3].min() < 0.5


def test_there_is_a_scatter_plot_of_each_pair(crossval: Project) -> None:
    names = {file.name for file in path(crossval, "scatterplots").iterdir()}
    assert names == {"0_vs_1.png", "0_vs_ENSEMBLE.png", "1_vs_ENSEMBLE.png"}


def test_tests_and_outliers_are_texts_and_tables(crossval: Project) -> None:
    nothing = "There were not enough data points for any statistically meaningful comparisons."
    for name in ("Wilcoxon", "MannWhitney"):
        stem = f"CrossValidation{name}{'SignedRank' if name == 'Wilcoxon' else ''}TestResults"
        assert path(crossval, f"{stem}.txt").read_text() == nothing
        assert "p_holm" in path(crossval, f"{stem}.csv").read_text().splitlines()[0]
    for mode in ("Val", "Test"):
        assert "=== METRIC: Dice ===" in path(crossval, f"{mode}_outliers.txt").read_text()
        assert "Structure" in path(crossval, f"{mode}_outliers.csv").read_text()
    pairs = rows(crossval, "CrossValidationWilcoxonSignedRankTestResults.csv")
    assert len(pairs) == 3 * 3 * len(STRUCTURES)


def test_the_reported_epoch_and_the_summaries(crossval: Project) -> None:
    assert json.loads(path(crossval, "reported_epoch.json").read_text())["epoch"] == 2
    folds = rows(crossval, "ResultsByFold.csv")
    assert set(folds["data_split"]) == {"Val", "Test"}
    lines = path(crossval, "RunDictionary.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == RUNS
    assert len(path(crossval, "ResultsByMode.csv").read_text().splitlines()) == 3


def test_outputs_shows_the_ensemble(crossval: Project) -> None:
    own, shown = path(crossval, "ENSEMBLE"), crossval.path("outputs")
    files = [file for file in (own / "epoch_002").rglob("*") if file.is_file()]
    assert len(files) > 30
    for file in [*files, own / "report.html"]:
        shown_file = shown / file.relative_to(own)
        assert shown_file.read_bytes() == file.read_bytes()
        is_linked = file.name.endswith((".nii.gz", ".png")) and file.parent.name != "Test"
        assert shown_file.samefile(file) == is_linked
    assert not (shown / "checkpoints").exists()


def test_the_model_folder_names_its_checkpoints(crossval: Project) -> None:
    folder = crossval.path("outputs", "final_ensemble_model")
    content = json.loads((folder / "model_inference_config.json").read_text())
    assert list(content) == ["model_name", "checkpoint_paths", "model_configs_namespace"]
    assert content["model_name"] == "Tiny"
    assert content["checkpoint_paths"] == [
        "checkpoints/OTHER_RUNS/1/last.ckpt",
        "checkpoints/last.ckpt",
    ]
    for place, run in zip(reversed(content["checkpoint_paths"]), ("0", "1"), strict=True):
        member = path(crossval, run, "checkpoints", "epoch_002.ckpt")
        assert (folder / place).read_bytes() == member.read_bytes()


def test_the_card_shows_test_of_the_ensemble_and_val_of_its_members(crossval: Project) -> None:
    card = crossval.path("outputs", "final_ensemble_model", "model_card.md").read_text()
    val = pd.concat([scores_of(crossval, run, "Val") for run in ("0", "1")])
    scores = {"Test": scores_of(crossval, "ENSEMBLE", "Test"), "Val (by members)": val}
    assert faults_of(card, scores) == []
    assert contradictions(card) == []
    assert "6 subjects. Mean Dice" in card


def test_a_second_call_has_nothing_to_do(crossval: Project) -> None:
    for target in ([], ["outputs/CrossValResults"], ["outputs/CrossValResults/"]):
        assert "Nothing to be done" in crossval.succeed("--dry-run", *target)
    # Without Snakemake's checksums of small files, times alone decide.
    by_time = ("--rerun-triggers", "mtime", "--max-checksum-file-size", "0")
    assert "Nothing to be done" in crossval.succeed("--dry-run", *by_time)


@pytest.mark.parametrize(
    ("config", "rules"),
    [
        (
            {"ensemble_aggregation_type": "MajorityVote"},
            {"segment", "score", "collect_folds", "report_ensemble", "package_ensemble"}
            | {*OF_ENSEMBLE, *AFTER_TABLE},
        ),
        ({"wilcoxon_test_p_value": 0.01}, {"compute_statistics"}),
        ({"ignore_subjects": "7"}, {"collect_folds", "report_ensemble", *AFTER_TABLE}),
    ],
)
def test_a_field_runs_what_depends_on_it(
    crossval: Project, config: dict[str, object], rules: set[str]
) -> None:
    assert crossval.jobs(**config) - RECORD == rules


def test_one_more_test_subject_trains_nothing(crossval: Project, copy_of: Copy) -> None:
    project = copy_of(crossval)
    table = project.path("data", "dataset.csv")
    lines = table.read_text().splitlines()
    shutil.copytree(project.path("data", "008"), project.path("data", "009"))
    new = [
        line.replace("8,", "9,", 1).replace("008", "009") for line in lines if line.startswith("8,")
    ]
    table.write_text("\n".join([*lines, *new]) + "\n")
    printed = project.succeed("--dry-run")
    assert "Test gains 9" in printed
    jobs = project.jobs()
    assert {"segment", "score", "collect_folds", "report_ensemble"} <= jobs
    assert not jobs & {"train_model", "choose_epoch", "package_ensemble"}


def test_any_file_is_a_target(crossval: Project) -> None:
    one = [
        "outputs/CrossValResults/scatterplots/0_vs_ENSEMBLE.png",
        "outputs/epoch_002/Test/metrics.csv",
    ]
    for target in one:
        assert "Nothing to be done" in crossval.succeed("--dry-run", target)


def test_a_fold_or_an_epoch_that_is_not_there_is_named(crossval: Project) -> None:
    folder = "outputs/CrossValResults"
    printed = crossval.fail("--dry-run", f"{folder}/7/epoch_002/Test/metrics.csv")
    assert "There is no fold 7" in printed
    printed = crossval.fail("--dry-run", f"{folder}/1/epoch_004/Test/metrics.csv")
    assert "Epoch 4 is not evaluated" in printed


def test_a_workflow_of_the_user_adds_a_rule(crossval: Project, copy_of: Copy) -> None:
    project = copy_of(crossval)
    examples = crossval.pipeline / "config" / "examples"
    hooked = Project(project.folder, pipeline=examples / "post_cross_validation_hook" / "Snakefile")
    printed = hooked.succeed("--cores", "1", "outputs/best_fold.txt")
    assert "post_cross_validation_hook" in printed
    assert "train_model" not in printed
    assert project.path("outputs", "best_fold.txt").read_text().startswith("Fold ")
