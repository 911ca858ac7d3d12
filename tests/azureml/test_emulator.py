"""Does a run in the emulated workspace live as one in the service does? Asked by plain HTTPS."""

import time
from pathlib import Path

import pytest
import requests

from azureml_emulator.filters import matches
from azureml_emulator.places import BLOB_HOST, BLOBSTORE_CONTAINER, SECRET
from azureml_emulator.plain_client import PlainClient

WHOLE_LIFE = [
    *("NotStarted", "Starting", "Provisioning", "Preparing"),
    *("Queued", "Running", "Finalizing", "Completed"),
]


@pytest.fixture
def service(emulator):
    return PlainClient(emulator)


def log(emulator, run_id="one", name="std_log.txt"):
    return emulator.files(run_id)[f"user_logs/{name}"].read_text()


def wait_for(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("what was waited for did not come")


# ---- the life of a run
def test_a_run_passes_through_every_status(emulator, service):
    service.run_to_the_end("true")
    assert emulator.statuses("one") == WHOLE_LIFE


@pytest.mark.parametrize("status", WHOLE_LIFE[1:-1])
def test_a_run_can_be_held_in_a_status_and_cancelled_there(status, emulator, service):
    emulator.settings.grace_s = 0.1
    with emulator.hold(status, runs="^one$"):
        service.submit("trap '' TERM; sleep 60" if status == "Running" else "true")
        service.submit("true", "other")
        emulator.wait("one", status)
        emulator.wait("other", "Completed")
        assert emulator.state.runs["one"]["status"] == status
        assert service.cancel().status_code == 200
        assert emulator.wait("one")["status"] == "Canceled"


def test_a_start_may_be_slow(emulator, service):
    emulator.settings.delays["Queued"] = 60
    service.submit("true")
    emulator.wait("one", "Queued")
    service.cancel()
    assert emulator.wait("one")["status"] == "Canceled"
    assert not emulator.files("one")


def test_a_run_that_ignores_its_cancellation_is_killed(emulator, service):
    emulator.settings.grace_s = 0.1
    service.submit("trap '' TERM; touch logs/started; while true; do sleep 0.1; done")
    wait_for(lambda: "logs/started" in emulator.files("one"))
    service.cancel()
    assert emulator.wait("one")["status"] == "Canceled"


def test_a_run_waits_for_enough_nodes(emulator, service):
    emulator.state.clusters["gpu-cluster"].max_nodes = 1
    with emulator.hold("Running", runs="^one$"):
        service.submit("true")
        emulator.wait("one", "Running")
        service.submit("true", "two")
        emulator.wait("two", "Queued")
        assert emulator.statuses("two") == WHOLE_LIFE[:5]
    assert emulator.wait("two")["status"] == "Completed"


def test_what_a_run_ended_with_is_final(emulator, service):
    run = service.run_to_the_end("exit 3")
    assert run["status"] == "Failed"
    assert "[3]" in run["error"]["error"]["message"]
    service.cancel()
    service.ask("PATCH", "/history/v1.0WS/experiments/tests/runs/one", json={"status": "Running"})
    assert run["status"] == "Failed"


def test_a_run_that_is_out_of_time_is_cancelled_and_keeps_its_files(emulator, service):
    run = service.run_to_the_end("touch outputs/a; sleep 60", maxRunDurationSeconds=1)
    assert run["status"] == "Canceled"
    assert "exceeded its limit of 1 s" in run["error"]["error"]["message"]
    assert "outputs/a" in emulator.files("one")


def test_logs_come_while_a_job_runs_and_outputs_at_its_end(emulator, service, tmp_path):
    emulator.settings.upload_every_s = 0.02
    until = f"while ! test -e {tmp_path}/go; do sleep 0.02; done"
    service.submit(f"touch outputs/a; echo begun > logs/a.txt; {until}; echo more >> logs/a.txt")
    wait_for(lambda: "logs/a.txt" in emulator.files("one"))
    assert "outputs/a" not in emulator.files("one")
    (tmp_path / "go").touch()
    emulator.wait("one", "Completed")
    assert emulator.files("one")["logs/a.txt"].read_text() == "begun\nmore\n"
    assert "outputs/a" in emulator.files("one")


FIRST_OR_SECOND = (
    "cd $AZUREML_DATAREFERENCE_store && echo >> attempts; number=$(wc -l < attempts); cd - "
    "&& touch outputs/$number; test $number = 2 || sleep 60"
)
STORE = {"store": {"dataStoreName": "workspaceblobstore", "mode": "mount", "pathOnDataStore": "s"}}


@pytest.mark.parametrize("keep_outputs", [False, True])
def test_a_preempted_run_begins_anew_without_what_it_wrote(keep_outputs, emulator, service):
    service.submit(FIRST_OR_SECOND, dataReferences=STORE)
    attempts = emulator.state.blob_path(BLOBSTORE_CONTAINER, "s/attempts")
    wait_for(lambda: attempts.is_file() and not emulator.files("one").get("outputs/1"))
    wait_for(lambda: list(emulator.root.glob("nodes/one/0/node_0/wd/outputs/1")))
    emulator.preempt("one", keep_outputs=keep_outputs)
    assert emulator.wait("one")["status"] == "Completed"
    assert emulator.statuses("one") == [*WHOLE_LIFE[:6], "Queued", "Running", *WHOLE_LIFE[6:]]
    outputs = {name for name in emulator.files("one") if name.startswith("outputs/")}
    assert outputs == ({"outputs/1", "outputs/2"} if keep_outputs else {"outputs/2"})


def test_a_preempted_run_may_fail_for_good(emulator, service):
    service.submit("sleep 60")
    emulator.preempt("one", restart=False)
    run = emulator.wait("one")
    assert run["status"] == "Failed"
    assert "PreemptionError" in run["error"]["error"]["message"]


def test_an_image_that_cannot_be_built_fails_the_run_before_it_starts(emulator, service):
    emulator.settings.image_error = "ResolvePackageNotFound"
    run = service.run_to_the_end("true")
    assert "ResolvePackageNotFound" in run["error"]["error"]["message"]
    assert emulator.statuses("one")[-2:] == ["Preparing", "Failed"]


# ---- what a job finds on its nodes
def test_each_node_has_a_disk_of_its_own_and_the_files_of_all_are_collected(emulator, service):
    service.run_to_the_end(
        'echo mine > here.txt; ls *.txt | wc -l; echo "$RANK of $WORLD_SIZE at $MASTER_PORT"; '
        "cp note outputs/$NODE_RANK; touch logs/$NODE_RANK",
        framework="PyTorch",
        nodeCount=2,
        pytorch={"processCount": 2, "nodeCount": 2},
    )
    texts = [log(emulator, name=f"std_log_process_0{rank}.txt").split() for rank in (0, 1)]
    assert [text[:4] for text in texts] == [["1", "0", "of", "2"], ["1", "1", "of", "2"]]
    assert texts[0][-1] == texts[1][-1]
    files = {name for name in emulator.files("one") if name.startswith(("outputs", "logs"))}
    assert files == {"outputs/0", "outputs/1", "logs/0", "logs/1"}


def test_when_one_node_fails_the_others_are_ended(emulator, service):
    run = service.run_to_the_end(
        "test $NODE_RANK = 0 && sleep 60 || exit 7",
        framework="PyTorch",
        nodeCount=2,
        pytorch={"processCount": 2},
    )
    assert "[-15, 7]" in run["error"]["error"]["message"]


def test_a_job_on_one_node_is_not_told_of_ranks(emulator, service):
    service.run_to_the_end("env")
    names = {line.partition("=")[0] for line in log(emulator).splitlines()}
    assert not names & {"RANK", "WORLD_SIZE", "NODE_RANK", "LOCAL_RANK", "MASTER_ADDR"}


def test_nothing_of_the_launcher_reaches_a_job(emulator, service, monkeypatch):
    monkeypatch.setenv("LAUNCHERS_OWN", "1")
    service.run_to_the_end(
        "env; pwd; cat note; python -c 'import numpy' && ! python -c 'import innereye' 2>/dev/null",
        environmentVariables={"MINE": 1},
    )
    assert emulator.state.runs["one"]["status"] == "Completed", log(emulator)
    text = log(emulator)
    assert "MINE=1" in text
    assert "part of the snapshot" in text
    for foreign in ("LAUNCHERS_OWN", SECRET, str(emulator.home), str(Path.cwd()), "PYTHONPATH"):
        assert foreign not in text


def test_no_process_outlives_its_node_even_in_a_session_of_its_own(emulator, service):
    service.run_to_the_end("setsid sleep 60 & echo $! > outputs/pid; sleep 0.2")
    process = Path("/proc") / emulator.files("one")["outputs/pid"].read_text().strip()
    assert not process.exists() or "State:\tZ" in (process / "status").read_text()
    assert not (emulator.root / "nodes" / "one" / "0").exists()


def test_a_mount_is_made_where_it_is_missing_and_can_be_written(emulator, service):
    service.run_to_the_end("echo kept > $AZUREML_DATAREFERENCE_store/a", dataReferences=STORE)
    sas = service.datastore_sas()
    address = f"https://{BLOB_HOST}/{BLOBSTORE_CONTAINER}/s/a?{sas}"
    assert requests.get(address, timeout=30).text == "kept\n"


# ---- ids, events and filters
def test_a_run_id_is_taken_once(service):
    assert service.submit("true").status_code == 200
    assert service.submit("true").status_code == 409
    path = "/history/v1.0WS/experiments/tests/runs/parent"
    assert service.ask("PATCH", path, json={"tags": {"a": 1}}).json()["tags"] == {"a": "1"}
    assert service.submit("true", "parent").status_code == 409
    assert service.submit("true", "a:b").status_code == 400


RECORD = {"runId": "r1", "parentRunId": None, "status": "Running", "tags": {"a": "b c", "d": "("}}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('Tags/a eq "b c"', True),
        ('(Tags/a ne "b c")', False),
        ('Tags/d eq "("', True),
        ('Tags/missing eq "b"', False),
        ("ParentRunId eq null", True),
        ('ParentRunId eq "null"', False),
        ('Status eq "Failed" or RunId eq "r1" and Status eq "Running"', True),
        ('(RunId eq "r1" or RunId eq "r2") and Status eq "Failed"', False),
        ('((Tags/a eq "b c") and (ParentRunId eq null))', True),
    ],
)
def test_filters_of_runs_mean_what_they_say(text, wanted):
    assert matches(RECORD, text) is wanted


@pytest.mark.parametrize("text", ['RunId gt "r"', 'RunId eq "r1" xor', '(RunId eq "r1"', "RunId"])
def test_other_filters_are_not_guessed(text):
    with pytest.raises(Exception, match="filter"):
        matches(RECORD, text)


@pytest.mark.parametrize("as_uri", [False, True])
def test_a_registered_data_set_names_its_folder(as_uri, emulator, service):
    emulator.state.add_data_set("hello", "innereyedatasets", "hello_world", as_uri=as_uri)
    answer = service.ask("GET", "/dataset/v1.0WS/datasets/query/name=hello").json()
    assert all(word in answer["latest"]["dataflow"] for word in ("innereyedatasets", "hello_world"))
    path = "/dataset/v1.0WS/datasets/query/name=other"
    assert service.ask("GET", path).status_code == 404
