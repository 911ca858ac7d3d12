"""What the program on a node leaves behind for a job: results, logs, and nothing else."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from snakemake_executor_plugin_azureml import node


@pytest.fixture
def place(tmp_path):
    """A node: the mounted store, and the working directory with the sources of the workflow."""
    (tmp_path / "store" / "jobs").mkdir(parents=True)
    (tmp_path / "work" / "scripts").mkdir(parents=True)
    (tmp_path / "work" / "scripts" / "code.py").write_text("x = 1\n")
    shutil.copyfile(node.__file__, tmp_path / "work" / "node.py")
    return tmp_path


def put(place: Path, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    blob = place / "store" / "blobs" / sha256[:2] / sha256
    blob.parent.mkdir(parents=True, exist_ok=True)
    blob.write_bytes(content)
    return sha256


def run(place: Path, command: str, *, environment=None, **job) -> int:
    described = {
        "command": command,
        "inputs": {},
        "outputs": [],
        "logs": [],
        "log_folders": [],
        "recovery": "recovery/r1",
        "data_files": None,
        **job,
    }
    (place / "store" / "jobs" / "r1.json").write_text(json.dumps(described))
    return subprocess.run(
        [sys.executable, "node.py", "jobs/r1.json"],
        cwd=place / "work",
        env={
            **os.environ,
            "AZUREML_DATAREFERENCE_files": str(place / "store"),
            **(environment or {}),
        },
        check=False,
    ).returncode


def uploaded(place: Path) -> set[str]:
    work = place / "work"
    found = [path for name in ("outputs", "logs") for path in (work / name).rglob("*")]
    return {path.relative_to(work).as_posix() for path in found if path.is_file()}


def results(place: Path) -> dict[str, dict]:
    listed = json.loads((place / "work" / "outputs" / "azureml_results.json").read_text())
    return {each["path"]: each for each in listed}


def test_declared_outputs_and_their_siblings_are_results_and_inputs_are_not(place):
    sha256 = put(place, b"rows")
    command = (
        "mkdir -p outputs/a/s1 && cp outputs/in.csv outputs/a/list.csv && echo v > outputs/a/s1/v.nii"
        " && echo other > outputs/other.json && echo y >> scripts/code.py"
    )
    assert not run(
        place, command, inputs={"outputs/in.csv": sha256}, outputs=["outputs/a/list.csv"]
    )
    assert set(results(place)) == {"outputs/a/list.csv", "outputs/a/s1/v.nii"}
    assert results(place)["outputs/a/list.csv"]["declared"]
    assert not results(place)["outputs/a/s1/v.nii"]["declared"]
    assert results(place)["outputs/a/list.csv"]["sha256"] == sha256
    listed = {"outputs/a/list.csv", "outputs/a/s1/v.nii", "outputs/azureml_results.json"}
    assert uploaded(place) == listed


def test_results_elsewhere_are_uploaded_below_outputs_and_know_their_place(place):
    assert not run(
        place,
        "mkdir cmp && echo 1 > cmp/x.csv && echo 2 > top.txt",
        outputs=["cmp/x.csv", "top.txt"],
    )
    assert {name: each["file"] for name, each in results(place).items()} == {
        "cmp/x.csv": "outputs/cmp/x.csv",
        "top.txt": "outputs/top.txt",
    }
    assert {"outputs/cmp/x.csv", "outputs/top.txt"} <= uploaded(place)


def test_a_failed_job_leaves_its_logs_only_and_keeps_what_it_needs_to_go_on(place):
    command = (
        "mkdir -p outputs/logs && echo why > outputs/logs/x.log && echo half > outputs/a.csv"
        " && echo 1 > $SNAKEMAKE_AZUREML_RECOVERY/epoch && exit 3"
    )
    status = run(
        place,
        command,
        outputs=["outputs/a.csv"],
        logs=["outputs/logs/x.log"],
        log_folders=["outputs/logs"],
    )
    assert status == 3
    assert set(results(place)) == {"outputs/logs/x.log"}
    assert uploaded(place) == {
        "outputs/logs/x.log",
        "logs/outputs/logs/x.log",
        "outputs/azureml_results.json",
    }
    assert (place / "store" / "recovery" / "r1" / "epoch").is_file()
    assert not run(place, "cat $SNAKEMAKE_AZUREML_RECOVERY/epoch")


def test_logs_of_rules_below_logs_come_back_too(place):
    assert not run(
        place, "echo 1 > logs/x.log || mkdir logs && echo 1 > logs/x.log", logs=["logs/x.log"]
    )
    assert results(place)["logs/x.log"]["file"] == "logs/x.log"


def test_a_second_node_leaves_nothing(place):
    command = "mkdir -p outputs/a && echo 1 > outputs/a/x.csv"
    assert not run(place, command, outputs=["outputs/a/x.csv"], environment={"NODE_RANK": "1"})
    assert uploaded(place) == set()


def test_a_damaged_input_ends_the_job_before_its_command(place):
    sha256 = put(place, b"rows")
    (place / "store" / "blobs" / sha256[:2] / sha256).write_bytes(b"rowz")
    assert run(place, "echo 1 > ran", inputs={"in.csv": sha256}) != 0
    assert not (place / "work" / "ran").exists()


def test_a_data_set_is_a_tree_of_links(place):
    sha256 = put(place, b"voxels")
    (place / "store" / "lists").mkdir()
    (place / "store" / "lists" / "l.json").write_text(json.dumps({"s1/ct.nii.gz": sha256}))
    command = "cat $SNAKEMAKE_AZUREML_DATA/s1/ct.nii.gz > top.txt"
    assert not run(place, command, outputs=["top.txt"], data_files="lists/l.json")
    assert results(place)["top.txt"]["sha256"] == sha256


def test_a_mounted_data_set_is_found_under_the_same_name(place):
    (place / "data").mkdir()
    (place / "data" / "dataset.csv").write_text("subject\n")
    command = 'test -f "$SNAKEMAKE_AZUREML_DATA/dataset.csv"'
    environment = {"AZUREML_DATAREFERENCE_data": str(place / "data")}
    assert not run(place, command, environment=environment)


def test_declared_folders_and_hidden_files_are_results_with_all_that_is_in_them(place):
    command = "mkdir -p found/.in .hid; echo 1 > found/.in/a; echo 2 > .hid/b; echo 3 > .hid/not"
    assert not run(place, command, outputs=["found", ".hid/b"])
    assert set(results(place)) == {"found/.in/a", ".hid/b"}


def test_two_results_of_one_name_are_both_uploaded(place):
    command = "mkdir -p outputs; echo inner > outputs/a.txt; echo outer > a.txt"
    assert not run(place, command, outputs=["a.txt", "outputs/a.txt"])
    found = results(place).items()
    texts = {path: (place / "work" / each["file"]).read_text() for path, each in found}
    assert texts == {"a.txt": "outer\n", "outputs/a.txt": "inner\n"}
