"""Runs of a cross-validation lie below one parent, by names that recovery understands."""

import os
import signal

import pytest

from clusters import ClusterProject, wait_until

SNAKEFILE = """
rule all:
    input: expand("outputs/cv/{fold}/score.txt", fold=[0, 1]), "outputs/cv/ensemble.txt"

rule train:
    output: "outputs/cv/{fold}/model.txt"
    group: lambda w: f"fold_{w.fold}"
    resources:
        azureml_parent="outputs/cv",
        azureml_child=lambda w: w.fold,
        azureml_tags=lambda w: '{"cross_validation_split_index": "%s"}' % w.fold,
        azureml_parent_tags='{"model_name": "Tiny"}',
    shell: "date +%s%N >> $COUNT_FOLDER/{wildcards.fold}; echo model > {output}"

rule segment:
    input: "outputs/cv/{fold}/model.txt"
    output: "outputs/cv/{fold}/score.txt"
    group: lambda w: f"fold_{w.fold}"
    resources:
        azureml_parent="outputs/cv",
        azureml_child=lambda w: w.fold,
        azureml_tags=lambda w: '{"cross_validation_split_index": "%s"}' % w.fold,
        azureml_parent_tags='{"model_name": "Tiny"}',
    shell:
        "test ! -e $COUNT_FOLDER/fail_{wildcards.fold} || exit 1; "
        "cp {input} {output}; echo volume > outputs/cv/{wildcards.fold}/v.nii"

rule ensemble:
    input: expand("outputs/cv/{fold}/model.txt", fold=[0, 1])
    output: "outputs/cv/ensemble.txt"
    resources: azureml_parent="outputs/cv", azureml_child="ensemble"
    shell: "cat {input} > {output}"
"""


@pytest.fixture
def project(tmp_path, emulator):
    project = ClusterProject(tmp_path / "project", emulator)
    project.set_up(SNAKEFILE)
    return project


def parts(project):
    """Return the parent and, by their names below it, the children."""
    runs = project.emulator.state.runs
    parents = [run_id for run_id, run in runs.items() if run["parentRunId"] is None]
    assert len(parents) == 1
    children = {
        run_id.removeprefix(parents[0]): run for run_id, run in runs.items() if run["parentRunId"]
    }
    return runs[parents[0]], children


def test_folds_and_ensemble_are_children_of_one_parent(project):
    project.succeed()
    parent, children = parts(project)
    assert parent["runId"].startswith("HD_")
    assert set(children) == {"_0", "_1", "_ensemble"}
    assert {run["parentRunId"] for run in children.values()} == {parent["runId"]}
    assert parent["status"] == "Completed"
    assert parent["tags"]["model_name"] == "Tiny"
    assert parent["tags"]["run_recovery_id"] == f"tests:{parent['runId']}"
    assert children["_1"]["tags"]["cross_validation_split_index"] == "1"
    assert children["_1"]["tags"]["run_recovery_id"] == f"tests:{parent['runId']}_1"
    assert "outputs/cv/0/v.nii" in project.files()


def test_what_keeps_a_group_of_jobs_from_its_run_is_told_although_snakemake_passes_over_it(project):
    printed = project.fail(cluster="gpu-clutser")
    assert "fold_0 (segment, train) could not be submitted: " in printed
    assert "has no cluster 'gpu-clutser'" in printed


@pytest.mark.slow
def test_a_retry_is_another_child_of_the_same_parent(project):
    (project.counts / "fail_1").touch()
    project.fail("--keep-going")
    (project.counts / "fail_1").unlink()
    project.succeed()
    parent, children = parts(project)
    assert set(children) == {"_0", "_1", "_1-r2", "_ensemble"}
    assert children["_1-r2"]["tags"]["attempt"] == "2"
    assert project.times_run("0") == 1
    assert parent["status"] in ("Failed", "Completed")


@pytest.mark.slow
def test_snakemakes_own_retries_are_named_likewise(project):
    (project.counts / "fail_1").touch()
    project.fail("--keep-going", "--retries", "1")
    _, children = parts(project)
    assert {"_1", "_1-r2"} <= set(children)


@pytest.mark.slow
def test_folds_made_anew_after_success_get_a_new_parent(project):
    project.succeed()
    project.succeed("--forceall")
    runs = project.emulator.state.runs
    parents = [run_id for run_id, run in runs.items() if run["parentRunId"] is None]
    assert len(parents) == 2
    for parent in parents:
        names = {
            run_id.removeprefix(parent)
            for run_id, run in runs.items()
            if run["parentRunId"] == parent
        }
        assert names == {"_0", "_1", "_ensemble"}


@pytest.mark.slow
def test_a_parent_ends_with_the_call_that_finds_its_runs_again(project):
    with project.emulator.hold("Queued"):
        process = project.start()
        wait_until(lambda: len(project.run_ids()) == 3)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    project.succeed("--unlock")
    project.succeed("outputs/cv/0/score.txt", "outputs/cv/1/score.txt")
    parent, children = parts(project)
    assert (parent["status"], set(children)) == ("Completed", {"_0", "_1"})
