"""A workflow whose costly jobs run in the cloud leaves what it would have left here."""

import base64
import json
import os
import signal

import pytest

from clusters import ClusterProject, named_run_ids, wait_until


@pytest.fixture
def project(tmp_path, emulator):
    project = ClusterProject(tmp_path / "project", emulator)
    project.set_up()
    return project


EXPECTED = {
    *(f"outputs/{letter}/{name}" for letter in "ab" for name in ("result.txt", "volume.nii")),
    *("outputs/logs/a.log", "outputs/logs/b.log", "outputs/in.txt", "outputs/all.txt"),
}


def test_results_logs_and_siblings_are_here_and_nothing_else(project):
    printed = project.succeed()
    assert project.files() == EXPECTED
    assert (project.folder / "outputs" / "all.txt").read_text() == "input\ninput\n"
    assert sorted(named_run_ids(printed)) == sorted(project.run_ids())
    for run_id in project.run_ids():
        run = project.emulator.state.runs[run_id]
        assert run["tags"]["run_recovery_id"] == f"tests:{run_id}"
        assert run["status"] == "Completed"
    assert "Nothing to be done" in project.succeed()
    assert len(project.run_ids()) == 2


@pytest.mark.slow
def test_a_failed_job_shows_the_end_of_its_log_and_its_retry_has_a_name_of_its_own(project):
    (project.counts / "fail_a").touch()
    printed = project.fail("--keep-going")
    assert "it broke" in printed
    assert "outputs/b/result.txt" in project.files()
    (project.counts / "fail_a").unlink()
    project.succeed()
    first, second = (
        run_id for run_id in project.run_ids() if project.times_run("a") and is_a(project, run_id)
    )
    assert second == f"{first}-r2"
    assert project.times_run("b") == 1


def is_a(project, run_id):
    record = json.loads((project.folder / ".snakemake" / "azureml" / "runs.json").read_text())
    found = [
        each for tries in record["jobs"].values() for each in tries if each["run_id"] == run_id
    ]
    return "outputs/a/result.txt" in found[0]["outputs"]


def test_ctrl_c_cancels_all_runs(project):
    project.let_last(60)
    process = project.start()
    wait_until(lambda: project.times_run("a") and project.times_run("b"))
    os.killpg(process.pid, signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    wait_until(lambda: set(project.statuses().values()) == {"Canceled"})
    assert "Traceback (most recent call last)" not in printed


@pytest.mark.parametrize("finishes_meanwhile", [pytest.param(True, marks=pytest.mark.slow), False])
def test_a_killed_launcher_finds_its_runs_again(project, finishes_meanwhile):
    project.let_last(3 if finishes_meanwhile else 8)
    process = project.start()
    wait_until(lambda: project.times_run("a") and project.times_run("b"))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if finishes_meanwhile:
        wait_until(lambda: set(project.statuses().values()) == {"Completed"})
    project.succeed("--unlock")
    project.succeed()
    assert project.files() == EXPECTED
    assert (project.times_run("a"), project.times_run("b")) == (1, 1)
    assert len(project.run_ids()) == 2


@pytest.mark.slow
def test_a_changed_job_replaces_the_run_of_a_killed_launcher(project):
    project.let_last(60)
    process = project.start()
    wait_until(lambda: project.times_run("a") and project.times_run("b"))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    project.let_last(0)
    snakefile = project.folder / "Snakefile"
    snakefile.write_text(snakefile.read_text().replace('text="one"', 'text="two"'))
    project.succeed("--unlock")
    project.succeed()
    statuses = sorted(project.statuses().values())
    assert statuses == ["Canceled", "Canceled", "Completed", "Completed"]


@pytest.mark.slow
def test_only_what_is_declared_comes_back_where_that_is_asked_for(project):
    project.succeed("--azureml-download", "declared")
    assert project.files() == {name for name in EXPECTED if "volume" not in name}


def test_a_cluster_that_does_not_exist_is_named_with_those_that_do(project):
    printed = project.fail(cluster="gpu-clutser")
    assert "has no cluster 'gpu-clutser'" in printed
    assert "cpu-cluster, gpu-cluster" in printed
    assert project.run_ids() == []


@pytest.mark.slow
def test_ctrl_c_while_results_come_back_loses_none(project):
    with project.emulator.withhold("outputs/a/result.txt"):
        process = project.start("outputs/a/result.txt")
        wait_until(lambda: "Completed" in project.statuses().values())
        wait_until(lambda: list(project.folder.glob(".snakemake/azureml/incoming/*/*.json")))
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode != 0
    project.succeed("outputs/a/result.txt")
    assert (project.times_run("a"), len(project.run_ids())) == (1, 1)


@pytest.mark.slow
def test_a_finished_job_that_snakemake_thinks_incomplete_is_fetched_and_not_made_again(project):
    project.succeed("outputs/a/result.txt")
    # Killed after the results came and before Snakemake noted that they are whole: its mark stays.
    marks = project.folder / ".snakemake" / "incomplete"
    marks.mkdir(exist_ok=True)
    name = base64.b64encode(b"outputs/a/result.txt").decode()
    (marks / name).write_text(json.dumps({"external_jobid": None}))
    assert "incomplete" in project.fail("outputs/a/result.txt")
    project.succeed("outputs/a/result.txt", "--rerun-incomplete")
    assert (len(project.run_ids()), project.times_run("a")) == (1, 1)
    project.succeed("outputs/a/result.txt", "--rerun-incomplete", "--forcerun", "costly")
    assert project.times_run("a") == 2
