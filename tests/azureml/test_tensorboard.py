"""Do copies of event files follow the runs, without fetching anything twice?"""

import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from finished_runs import EXPERIMENT, add_run, workspace, write_file
from projects import Project
from snakemake_executor_plugin_azureml import tensorboard
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.job_workspace import options_of_job
from snakemake_executor_plugin_azureml.tensorboard import Copies, Wanted, follow, serve
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

PARENT = "HD_12345678-abcd"
EVENTS = "outputs/CrossValResults/{}/logs/Lightning/version_0/events.out.tfevents.1.node.2.0"


def add_crossval(emulator):
    add_run(emulator, PARENT, status="Running")
    for fold in (0, 1):
        files = {f"logs/{EVENTS.format(fold)}": "a", "logs/outputs/logs/train_model.log": "b"}
        add_run(emulator, f"{PARENT}_{fold}", files, parent=PARENT, status="Running")


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*.0")}


class Looks:
    """Lets `follow` look so many times; between two looks something happens."""

    def __init__(self, *between):
        self.between = list(between)
        self.left = len(between) + 1

    def goes_on(self):
        self.left -= 1
        return self.left >= 0

    def sleep(self, seconds):
        if self.between:
            self.between.pop(0)()


def watch(folder, *between, **wanted):
    looks = Looks(*between)
    follow(workspace(), Wanted(**wanted), folder, sleep=looks.sleep, goes_on=looks.goes_on)


@pytest.mark.parametrize("listing_is_allowed", [True, False])
def test_event_files_of_a_parents_children_are_followed(emulator, tmp_path, listing_is_allowed):
    add_crossval(emulator)
    fault = emulator.fail(r"GET /azureml\?", 403, times=None)
    if listing_is_allowed:
        fault.clear()

    def grow():
        write_file(emulator, f"{PARENT}_1", f"logs/{EVENTS.format(1)}", "a and more")

    watch(tmp_path, grow, run_ids=[f"{EXPERIMENT}:{PARENT}"])
    folders = [f"{PARENT}_{fold}/{EVENTS.format(fold)}" for fold in (0, 1)]
    assert contents(tmp_path) == {folders[0]: "a", folders[1]: "a and more"}
    assert bool(fault.hits) != listing_is_allowed


def test_what_has_not_grown_is_not_fetched_again(emulator, tmp_path):
    add_crossval(emulator)
    copies, used = Copies(workspace(), tmp_path), workspace()
    runs = [used.run(f"{PARENT}_{fold}") for fold in (0, 1)]
    assert [copies.update(runs), copies.update(runs)] == [2, 0]
    write_file(emulator, f"{PARENT}_0", f"logs/{EVENTS.format(0)}", "a and more")
    assert copies.update(runs) == 1


def test_a_run_that_has_ended_is_looked_at_once(emulator, tmp_path):
    add_run(emulator, "ended", {"logs/events.out.tfevents.1.0": "a"})
    watch(
        tmp_path,
        lambda: write_file(emulator, "ended", "logs/events.out.tfevents.2.0", "b"),
        run_ids=["ended"],
    )
    assert contents(tmp_path) == {"ended/events.out.tfevents.1.0": "a"}


def test_runs_of_an_experiment_are_chosen_by_their_state(emulator, tmp_path):
    for status in ("Running", "Completed", "Failed"):
        add_run(emulator, status.lower(), {"logs/events.out.tfevents.0": "a"}, status=status)

    def seen(*states):
        runs = Wanted(experiment=EXPERIMENT, states=states).find(workspace())
        return {run.run_id for run in runs}

    assert seen("Running", "Completed") == {"running", "completed"}
    assert seen("Failed") == {"failed"}
    assert seen() == {"running", "completed", "failed"}
    assert Wanted(experiment="nowhere").find(workspace()) == []


def test_a_service_that_is_busy_ends_nothing(emulator, tmp_path):
    add_run(emulator, "busy", {"logs/events.out.tfevents.0": "a"}, status="Running")
    used = connect(options_of_job(), patience=Patience(tries=1))
    fault = emulator.fail("GET .*/runs/busy$", 503, times=1)
    looks = Looks(lambda: None)
    follow(used, Wanted(["busy"]), tmp_path, sleep=looks.sleep, goes_on=looks.goes_on)
    assert fault.hits == 1
    assert contents(tmp_path) == {"busy/events.out.tfevents.0": "a"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "needs --config run_ids=RUN,RUN or experiment_name=EXPERIMENT"),
        (["--experiment_name=main", "--run_status=Done"], "'Done' is no state of a run"),
        (["--run_ids=nobody"], "has no run nobody"),
    ],
)
def test_a_mistake_is_said_before_anything_starts(emulator, caplog, arguments, sentence):
    assert tensorboard.main(arguments) == 1
    assert sentence in caplog.text


def test_an_unknown_run_is_refused(emulator, tmp_path):
    with pytest.raises(WorkspaceError, match="has no run nobody"):
        watch(tmp_path, run_ids=["nobody"])


def test_tensorboard_answers(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = serve(tmp_path, port)
    try:
        assert "TensorBoard" in page(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait()


def page(url, server):
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"TensorBoard ended with {server.returncode}")


@pytest.mark.slow
def test_the_target_serves_until_ctrl_c(emulator, tmp_path):
    add_run(emulator, "live", {"logs/events.out.tfevents.0": "a"}, status="Running")
    project = Project(tmp_path)
    project.set_up()
    process = subprocess.Popen(
        project.command("-c1", "tensorboard", run_ids="live", port=0),
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    copy = project.path("tensorboard_runs", "live", "events.out.tfevents.0")
    while not copy.is_file() and process.poll() is None:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    printed = process.communicate()[0]
    assert copy.read_text() == "a"
    assert "Traceback" not in printed


def test_the_target_without_runs_says_what_it_needs(emulator, tmp_path):
    project = Project(tmp_path)
    project.set_up()
    assert "tensorboard needs --config run_ids=" in project.fail("-c1", "tensorboard")
