"""Runs are looked at, marked and ended as the service knows them."""

import logging

import pytest

from snakemake_executor_plugin_azureml.workspace import NotFoundError, Status
from workspace_calls import asked, ended_run, open_workspace, request_of, sources_in


@pytest.fixture
def workspace(emulator):
    return open_workspace()


def set_word(emulator, run_id, word):
    emulator.state.runs[run_id]["status"] = word


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed", Status.COMPLETED),
        ("Failed", Status.FAILED),
        ("Canceled", Status.CANCELED),
        *((word, Status.ALIVE) for word in ("NotStarted", "Queued", "Running", "Finalizing")),
        *((word, Status.ALIVE) for word in ("NotResponding", "CancelRequested", "Paused", "")),
    ],
)
def test_a_status_is_one_of_four(word, status, workspace, emulator):
    ended_run(emulator, "one")
    set_word(emulator, "one", word)
    run = workspace.run("one")
    assert (run.status, run.service_status) == (status, word)


def test_a_status_of_a_later_service_is_alive_and_told_once(workspace, emulator, caplog):
    ended_run(emulator, "one")
    set_word(emulator, "one", "Hibernating")
    with caplog.at_level(logging.WARNING, "snakemake_executor_plugin_azureml"):
        assert {workspace.run("one").status for _ in range(3)} == {Status.ALIVE}
    assert [record.getMessage() for record in caplog.records] == [
        "Run one is 'Hibernating', which is taken as alive."
    ]


def test_a_failed_run_says_why(workspace, emulator):
    ended_run(emulator, "one", "Failed", error="Execution failed.")
    assert workspace.run("one").error == "Execution failed."


def test_a_run_that_does_not_exist_is_named(workspace):
    with pytest.raises(NotFoundError, match="The workspace emulated-ws has no run nobody"):
        workspace.run("nobody")


@pytest.mark.parametrize("page_size", [1, 2, 100])
def test_runs_with_a_tag_are_found_on_all_pages(page_size, workspace, emulator):
    emulator.settings.page_size = page_size
    workspace.start_parent("HD_1", "tests", {"workflow_run": "earlier"})
    for number in range(3):
        ended_run(emulator, f"HD_1_{number}", parent="HD_1")
        workspace.set_tags(f"HD_1_{number}", {"workflow_run": "now", "fold": str(number)})
    ended_run(emulator, "other")
    found = workspace.runs_by_tag("tests", "workflow_run", "now")
    assert {run.run_id: run.tags["fold"] for run in found} == {
        f"HD_1_{n}": f"{n}" for n in range(3)
    }
    assert {run.parent for run in found} == {"HD_1"}
    assert len(workspace.experiment_runs("tests")) == 5


def test_one_question_is_asked_for_all_runs(workspace, emulator):
    for number in range(20):
        ended_run(emulator, f"run_{number}")
        emulator.state.runs[f"run_{number}"]["tags"]["workflow_run"] = "now"
    before = len(emulator.requests)
    assert len(workspace.runs_by_tag("tests", "workflow_run", "now")) == 20
    assert len(emulator.requests) - before == 1


def test_an_experiment_that_nobody_began_has_no_runs(workspace):
    assert workspace.runs_by_tag("nothing", "workflow_run", "now") == []
    assert workspace.experiment_runs("nothing") == []


@pytest.mark.parametrize("page_size", [2, 100])
def test_children_come_oldest_first(page_size, workspace, emulator):
    emulator.settings.page_size = page_size
    workspace.start_parent("HD_1", "tests", {})
    for number in (2, 0, 1):
        ended_run(emulator, f"HD_1_{number}", parent="HD_1")
    assert [run.run_id for run in workspace.children("HD_1")] == ["HD_1_2", "HD_1_0", "HD_1_1"]


def test_a_parent_lives_until_it_is_said_to_have_ended(workspace):
    workspace.start_parent("HD_1", "tests", {"model": "Lung"})
    parent = workspace.run("HD_1")
    assert (parent.service_status, parent.tags) == ("Running", {"model": "Lung"})
    workspace.finish_parent("HD_1", Status.COMPLETED)
    assert workspace.run("HD_1").status is Status.COMPLETED


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELED])
def test_a_parent_ends_once(status, workspace, emulator):
    workspace.start_parent("HD_1", "tests", {})
    workspace.finish_parent("HD_1", status)
    workspace.finish_parent("HD_1", Status.COMPLETED)
    assert workspace.run("HD_1").status is status
    assert asked(emulator, "POST", "HD_1/events") == 2  # its beginning, and one end


def test_a_parent_that_is_alive_has_not_finished(workspace):
    with pytest.raises(ValueError, match="has not finished"):
        workspace.finish_parent("HD_1", Status.ALIVE)


def test_a_parent_that_is_there_is_kept_and_gets_the_tags(workspace, emulator):
    workspace.start_parent("HD_1", "tests", {"a": "1", "b": "1"})
    workspace.start_parent("HD_1", "tests", {"b": "2"})
    assert workspace.run("HD_1").tags == {"a": "1", "b": "2"}
    assert asked(emulator, "POST", "HD_1/events") == 1


def test_tags_never_make_a_run(workspace):
    with pytest.raises(NotFoundError):
        workspace.set_tags("nobody", {"a": "1"})


def test_a_run_is_cancelled_in_the_queue_and_on_the_node(workspace, emulator, tmp_path):
    sources = sources_in(tmp_path / "sources")
    workspace.submit(request_of(sources, "sleep 60", run_id="on_node"))
    emulator.wait("on_node", "Running")
    with emulator.hold("Queued", "queued"):
        workspace.submit(request_of(sources, "sleep 60", run_id="queued"))
        emulator.wait("queued", "Queued")
        for run_id in ("queued", "on_node"):
            workspace.cancel(run_id)
            emulator.wait(run_id, "Canceled")


def test_a_run_that_has_ended_is_not_cancelled(workspace, emulator):
    ended_run(emulator, "one", "Failed")
    workspace.cancel("one")
    assert workspace.run("one").status is Status.FAILED
    assert asked(emulator, "POST", "cancel") == 0


def test_a_run_without_a_cluster_is_cancelled_by_an_event(workspace, emulator):
    workspace.start_parent("HD_1", "tests", {})
    del emulator.state.runs["HD_1"]["cancelUri"]
    workspace.cancel("HD_1")
    assert workspace.run("HD_1").status is Status.CANCELED
