"""A request becomes one run, exactly as stated, however often it is asked for."""

import os
import subprocess

import numpy as np
import pytest

from snakemake_executor_plugin_azureml.azureml_workspace.client_library import load_client
from snakemake_executor_plugin_azureml.workspace import (
    Image,
    Mount,
    NotFoundError,
    Status,
    TransientError,
    WorkspaceError,
)
from workspace_calls import Clock, asked, ended_run, open_workspace, request_of, sources_in

RUN = "tests_1_0000000a"


@pytest.fixture
def workspace(emulator):
    return open_workspace()


@pytest.fixture
def sources(tmp_path):
    return sources_in(tmp_path / "sources")


def spec(emulator, run_id=RUN):
    return emulator.state.runs[run_id]["_spec"]


def test_a_run_has_the_id_the_command_and_the_tags_of_its_request(workspace, emulator, sources):
    command = "cat a.txt > outputs/b.txt && echo 'it says' \"$WORD\""
    request = request_of(sources, command, tags={"model": "Lung"}, variables={"WORD": "hello"})
    workspace.submit(request)
    emulator.wait(RUN)
    run = workspace.run(RUN)
    assert (run.status, run.recovery_id) == (Status.COMPLETED, f"tests:{RUN}")
    assert run.tags == {"model": "Lung"}
    assert emulator.files(RUN)["outputs/b.txt"].read_text() == "content"
    assert "it says hello" in workspace.log_tail(RUN, 5)


def test_mounts_are_folders_of_their_datastores_that_a_run_may_write(workspace, emulator, sources):
    command = 'cp "$AZUREML_DATAREFERENCE_data/x.csv" "$AZUREML_DATAREFERENCE_kept/y.csv"'
    table = emulator.state.blob_path("datasets", "my_data/x.csv")
    table.parent.mkdir(parents=True)
    table.write_text("a,b")
    mounts = {
        "data": Mount("innereyedatasets", "my_data"),
        "kept": Mount("workspaceblobstore", "made/new"),
    }
    workspace.submit(request_of(sources, command, mounts=mounts))
    assert emulator.wait(RUN)["status"] == "Completed"
    kept = [blob.path for blob in workspace.list_blobs(mounts["kept"])]
    assert kept == ["y.csv"]


def test_each_of_several_nodes_runs_the_command_once(workspace, emulator, sources):
    workspace.submit(request_of(sources, "echo node $NODE_RANK at $MASTER_ADDR", num_nodes=2))
    emulator.wait(RUN)
    printed = workspace.log_tail(RUN, 5)
    assert "node 0 at" in printed
    assert "node 1 at" in printed


def test_the_definition_states_what_the_client_would_make_up(workspace, emulator, sources):
    image = Image(docker_image="registry.example/image:1", shm_size="64g")
    request = request_of(sources, image=image, time_limit_s=90, display_name="fold 0")
    workspace.submit(request)
    made = spec(emulator)
    assert made["environment"]["docker"]["baseImage"] == "registry.example/image:1"
    assert made["environment"]["environmentVariables"] == {}
    assert made["docker"]["shmSize"] == "64g"
    assert made["maxRunDurationSeconds"] == 90
    assert emulator.state.runs[RUN]["displayName"] == "fold 0"


def test_an_environment_is_made_from_the_conda_file(workspace, emulator, sources, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("name: x\ndependencies:\n- python=3.11\n- pip:\n  - numpy==2.4.6\n")
    workspace.submit(request_of(sources, image=Image(conda_file=file)))
    python = spec(emulator)["environment"]["python"]
    assert python["condaDependencies"]["dependencies"] == ["python=3.11", {"pip": ["numpy==2.4.6"]}]
    assert not python["userManagedDependencies"]


@pytest.mark.parametrize(("name", "version"), [("innereye", "2"), ("innereye:1", "1")])
def test_a_registered_environment_is_taken_by_its_name(name, version, workspace, emulator, sources):
    for each in ("1", "2"):
        emulator.state.add_environment("innereye", each)
    workspace.submit(request_of(sources, image=Image(name=name)))
    made = spec(emulator)["environment"]
    assert (made["name"], made["version"]) == ("innereye", version)


def test_an_environment_that_is_not_there_is_named(workspace, sources):
    with pytest.raises(NotFoundError, match="no environment 'innereye:7'"):
        workspace.submit(request_of(sources, image=Image(name="innereye:7")))


def test_a_run_needs_something_to_compute_in(workspace, sources):
    with pytest.raises(WorkspaceError, match="an environment, a conda file or a Docker image"):
        workspace.submit(request_of(sources, image=Image()))


def test_an_error_that_is_ours_is_not_tried_again(emulator, sources, tmp_path):
    clock = Clock()
    workspace = open_workspace(sleep=clock.sleep)
    with pytest.raises(WorkspaceError, match=r"azureml-core cannot do this: .*nowhere.yaml"):
        workspace.submit(request_of(sources, image=Image(conda_file=tmp_path / "nowhere.yaml")))
    assert clock.waits_s == []


def test_a_child_belongs_to_its_parent(workspace, emulator, sources):
    workspace.start_parent("HD_1", "tests", {})
    workspace.submit(request_of(sources, run_id="HD_1_0", parent="HD_1"))
    assert workspace.run("HD_1_0").parent == "HD_1"


def test_numbers_and_tags_of_numpy_are_made_plain(workspace, emulator, sources):
    request = request_of(
        sources, num_nodes=np.int64(2), time_limit_s=np.int64(60), tags={"fold": np.int64(3)}
    )
    workspace.submit(request)
    assert workspace.run(RUN).tags == {"fold": "3"}


def test_a_second_submission_finds_the_run_and_mends_its_tags(workspace, emulator, sources):
    ended_run(emulator, RUN)
    workspace.submit(request_of(sources, tags={"model": "Lung"}))
    assert asked(emulator, "POST", "snapshotrun") == 0
    assert workspace.run(RUN).tags == {"model": "Lung"}


@pytest.mark.parametrize("lost", ["drop", "status"])
def test_a_submission_whose_answer_is_lost_starts_one_run(lost, workspace, emulator, sources):
    fault = emulator.drop if lost == "drop" else emulator.fail
    more = {} if lost == "drop" else {"status": 504}
    fault("POST .*/snapshotrun", after=True, **more)
    workspace.submit(request_of(sources, tags={"model": "Lung"}))
    assert asked(emulator, "POST", "snapshotrun") == 1
    assert workspace.run(RUN).tags == {"model": "Lung"}


def test_a_run_that_appears_meanwhile_is_taken_as_ours(workspace, emulator, sources):
    emulator.fail(f"GET .*/runs/{RUN}", 404)
    workspace.submit(request_of(sources))
    emulator.fail(f"GET .*/runs/{RUN}", 404)
    workspace.submit(request_of(sources))
    answers = [each.status for each in emulator.requests if "snapshotrun" in each.path]
    assert answers == [200, 409]


def test_a_conflict_about_something_else_is_no_run(workspace, emulator, sources):
    emulator.fail("POST .*/snapshotrun", 409, message="The snapshot is locked.")
    with pytest.raises(WorkspaceError, match="The snapshot is locked"):
        workspace.submit(request_of(sources))
    assert RUN not in emulator.state.runs


@pytest.mark.parametrize("status", [429, 503])
def test_a_refused_submission_is_made_again(status, workspace, emulator, sources):
    emulator.fail("POST .*/snapshotrun", status)
    workspace.submit(request_of(sources))
    assert workspace.run(RUN).run_id == RUN


def test_a_submission_that_hangs_is_given_up_and_made_again(emulator, sources):
    load_client()
    clock = Clock()
    workspace = open_workspace(client_call_s=1.5, sleep=clock.sleep)
    with emulator.hang("POST .*/snapshotrun") as fault:
        workspace.submit(request_of(sources))
    assert fault.hits == 1
    assert clock.waits_s
    assert workspace.run(RUN).run_id == RUN


def test_a_service_that_stays_away_is_told_in_a_sentence(emulator, sources):
    workspace = open_workspace(tries=2)
    emulator.fail("POST .*/snapshotrun", 503, times=None)
    with pytest.raises(TransientError, match=f"does not answer about run {RUN}, after 2 tries"):
        workspace.submit(request_of(sources))


def test_a_token_that_expires_before_the_submission_is_renewed(workspace, emulator, sources):
    workspace.submit(request_of(sources, run_id="tests_1_0000000b"))
    emulator.fail("POST .*/snapshotrun", 401, message="The access token has expired.")
    workspace.submit(request_of(sources))
    assert asked(emulator, "POST", "oauth2/v2.0/token") == 2


def test_a_missing_cluster_is_named_with_those_that_are_there(workspace, emulator, sources):
    with pytest.raises(NotFoundError) as caught:
        workspace.submit(request_of(sources, cluster="big"))
    for word in ("'big'", "cpu-cluster, gpu-cluster", "--azureml-cluster"):
        assert word in str(caught.value)
    assert asked(emulator, "POST", "snapshots") == 0


def test_what_the_service_does_not_want_is_told_with_its_words(workspace, sources):
    mounts = {"data": Mount("nowhere", "x")}
    with pytest.raises(WorkspaceError, match="Could not find datastore with name nowhere"):
        workspace.submit(request_of(sources, mounts=mounts))


def test_sources_that_are_too_large_are_told_before_anything_is_sent(workspace, emulator, sources):
    for name, megabytes in (("scan.nii", 299), ("small.bin", 2)):
        with (sources / name).open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
    with pytest.raises(WorkspaceError) as caught:
        workspace.submit(request_of(sources))
    assert "301.0 MB in 3 files" in str(caught.value)
    assert "The largest are scan.nii (299.0 MB), small.bin (2.0 MB)" in str(caught.value)
    assert asked(emulator, "POST", "snapshots") == 0


def test_a_full_snapshot_is_told_with_the_largest_files(workspace, emulator, sources):
    emulator.state.settings.snapshot_limit_bytes = 3
    with pytest.raises(WorkspaceError, match=r"The largest are a.txt \(0.0 MB\)"):
        workspace.submit(request_of(sources))


def test_a_token_in_the_address_of_the_checkout_stays_here(
    workspace, emulator, sources, tmp_path, monkeypatch
):
    remote = "https://anna:ghp_token@host.example/repository.git"
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    monkeypatch.chdir(tmp_path)
    try:
        workspace.submit(request_of(sources))
    finally:
        os.environ.pop("AZUREML_GIT_REPOSITORY_URI", None)
    assert "ghp_token" not in str(emulator.state.runs[RUN])
    assert "host.example/repository.git" in str(emulator.state.runs[RUN]["properties"])


def test_the_working_directory_stays_the_same_for_all_threads(workspace, sources, monkeypatch):
    def refuse(folder):
        raise AssertionError(f"went into {folder}")

    monkeypatch.setattr(os, "chdir", refuse)
    workspace.submit(request_of(sources))
    assert workspace.run(RUN).run_id == RUN
