"""Commands that must work as they are written in the design and in README."""

import re

from projects import REPOSITORY, Project


def test_a_cross_validation_has_a_run_for_each_fold(project: Project) -> None:
    for target in ("outputs/CrossValResults", "outputs/CrossValResults/"):
        printed = project.succeed("-n", target)
        assert re.search(r"^train_model +5$", printed, flags=re.MULTILINE)
    printed = project.succeed("-n", number_of_cross_validation_splits=3)
    assert re.search(r"^train_model +3$", printed, flags=re.MULTILINE)


def test_pictures_of_the_jobs(project: Project) -> None:
    assert "digraph" in project.succeed("--dag")
    assert "flowchart" in project.run("--dag", "mermaid-js").stdout


def test_the_profile_of_a_workstation(project: Project) -> None:
    profile = str(REPOSITORY / "profiles" / "local")
    assert "train_model" in project.succeed("-n", "--profile", profile)


def test_snakemakes_linter_has_no_complaint(fresh_clone: Project) -> None:
    assert "your workflow is in a good condition" in fresh_clone.succeed("--lint")


def test_the_seeds_example_resolves_from_a_fresh_clone(fresh_clone: Project) -> None:
    printed = fresh_clone.succeed("-n", model="Prostate", inference_on_val_set="False")
    assert "outputs/epoch_120/Test/metrics.csv" in printed
    assert "Val/metrics.csv" not in printed


def test_any_result_is_a_target(project: Project) -> None:
    target = "outputs/epoch_002/Val/metrics.csv"
    assert project.jobs(target) == {"split_dataset", "train_model", "segment", "score"}
