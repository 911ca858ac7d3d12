"""Whatever goes wrong between here and there, no finished result is lost and no job runs twice."""

import time

import pytest

from azureml_emulator.places import SECRET
from clusters import ClusterProject, wait_until

ONE_LETTER = ("outputs/a/result.txt",)


@pytest.fixture
def project(tmp_path, emulator):
    project = ClusterProject(tmp_path / "project", emulator)
    project.set_up()
    return project


def start_and_wait(project):
    """Start a call whose one job lasts until `let_go` exists; return the process and the run's id."""
    project.let_last(3)
    process = project.start(*ONE_LETTER)
    wait_until(lambda: project.times_run("a"))
    (run_id,) = project.run_ids()
    return process, run_id


@pytest.mark.slow
def test_a_run_that_someone_cancels_in_the_studio_is_told_as_such(project):
    project.let_last(60)
    process = project.start(*ONE_LETTER)
    wait_until(lambda: project.times_run("a"))
    (run_id,) = project.run_ids()
    project.emulator.state.jobs[run_id].cancel()
    printed, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert f"Run tests:{run_id} was cancelled" in printed
    project.let_last(0)
    project.succeed(*ONE_LETTER)
    assert project.run_ids() == [run_id, f"{run_id}-r2"]


@pytest.mark.slow
def test_a_node_that_is_taken_away_starts_its_job_again_and_the_call_waits(project):
    process, run_id = start_and_wait(project)
    project.emulator.preempt(run_id)
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0, printed
    assert project.run_ids() == [run_id]
    assert project.times_run("a") == 2
    assert "outputs/a/result.txt" in project.files()


@pytest.mark.slow
def test_a_service_that_answers_now_and_then_costs_time_only(project):
    for service in ("aad", "arm", "aml", "blob"):
        project.emulator.fail(".*", 503, times=3, service=service)
    process, run_id = start_and_wait(project)
    for pattern in ("runs:query", "GET /history", "GET /artifact", "GET .*", "PUT .*", "POST .*"):
        project.emulator.fail(pattern, 503, times=2)
        project.emulator.drop(pattern, times=1)
    project.emulator.fail("runs:query", 429, times=2, retry_after=1)
    printed, _ = process.communicate(timeout=240)
    assert process.returncode == 0, printed
    assert (project.run_ids(), project.times_run("a")) == ([run_id], 1)


@pytest.mark.slow
def test_an_answer_that_is_lost_starts_no_second_run(project):
    project.emulator.drop("POST .*/snapshotrun", after=True)
    project.succeed(*ONE_LETTER)
    assert (len(project.run_ids()), project.times_run("a")) == (1, 1)


@pytest.mark.slow
def test_an_outage_in_the_middle_is_waited_for(project):
    process, run_id = start_and_wait(project)
    with project.emulator.fail(".*", 503, times=None):
        time.sleep(30)
        assert process.poll() is None
    printed, _ = process.communicate(timeout=240)
    assert process.returncode == 0, printed
    assert (project.run_ids(), project.times_run("a")) == ([run_id], 1)


@pytest.mark.slow
def test_a_token_that_runs_out_is_renewed(project):
    process, run_id = start_and_wait(project)
    project.emulator.revoke_tokens()
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0, printed
    assert (project.run_ids(), project.times_run("a")) == ([run_id], 1)


def test_a_refused_secret_is_one_sentence_without_the_secret(project, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "not-the-right-one")
    printed = project.fail(*ONE_LETTER)
    assert "not-the-right-one" not in printed
    assert SECRET not in printed
    assert "AZURE_CLIENT_SECRET" in printed
    assert project.run_ids() == []


@pytest.mark.slow
def test_a_result_that_does_not_arrive_is_fetched_by_the_next_call(project):
    process, run_id = start_and_wait(project)
    with project.emulator.withhold("outputs/a/result.txt"):
        printed, _ = process.communicate(timeout=240)
    assert process.returncode != 0
    assert f"outputs/a/result.txt of run {run_id} does not arrive" in printed
    assert "outputs/a/volume.nii" not in project.files()
    project.succeed(*ONE_LETTER)
    assert (project.run_ids(), project.times_run("a")) == ([run_id], 1)


@pytest.mark.slow
def test_a_result_that_arrives_late_is_waited_for(project):
    with project.emulator.withhold("outputs/a/result.txt", looks=2):
        project.succeed(*ONE_LETTER)
    assert (len(project.run_ids()), project.times_run("a")) == (1, 1)


@pytest.mark.slow
def test_a_damaged_result_is_not_taken(project):
    process, run_id = start_and_wait(project)
    project.emulator.wait(run_id)
    project.emulator.files(run_id)["outputs/a/result.txt"].write_text("inpuX\n")
    printed, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "outputs/a/result.txt" not in project.files()
    assert "damaged" in printed


@pytest.mark.slow
def test_a_snapshot_that_is_too_large_names_its_largest_files(project):
    (project.folder / "big").mkdir()
    snakefile = project.folder / "Snakefile"
    snakefile.write_text(snakefile.read_text().replace("gpu=1", 'gpu=1, azureml_sources="big"'))
    (project.folder / "big" / "weights.py").write_bytes(b"#" * 3_000_000)
    project.emulator.settings.snapshot_limit_bytes = 1_000_000
    printed = project.fail(*ONE_LETTER)
    assert "weights.py" in printed
    assert project.run_ids() == []
