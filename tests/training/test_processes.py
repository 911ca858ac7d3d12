"""Do processes that train together train what one of them would? With real processes and gloo."""

import csv
import json
import re
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import torch

from innereye.data.dataset import read_dataset
from innereye.errors import InnerEyeError
from innereye.io.files import write_table
from innereye.names import AZUREML_RECOVERY
from innereye.training import processes as processes_module
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.processes import Processes, gpus_to_take, together
from innereye.training.train import train
from trainings import (
    PATIENCE_S,
    ends_of,
    files_of,
    meet_with,
    train_model,
    train_with,
    variables_of_nodes,
)

# The parts of an epoch are 2 and 2 crops, then 1 and none.
TRAIN_SUBJECTS, VAL_SUBJECTS = ["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "10"]
TOGETHER = {"num_nodes": 2, "train_batch_size": 2}
FIELDS = {
    "normalisation_layer": "InstanceNorm",
    "loss_class_weight_power": 0.5,
    "num_epochs": 6,
    "test_epochs": [1, 6],
}


@pytest.fixture(scope="module")
def odd_training(data_folder, training, tmp_path_factory):
    """Return the arguments of a training whose last batches are not full."""
    frame, folder = read_dataset(data_folder / "dataset.csv"), tmp_path_factory.mktemp("tables")
    tables = {"train_csv": folder / "train.csv", "val_csv": folder / "val.csv"}
    for path, subjects in zip(tables.values(), (TRAIN_SUBJECTS, VAL_SUBJECTS), strict=True):
        write_table(path, frame[frame["subject"].isin(subjects)])
    return lambda run_folder, **fields: {**training(run_folder, **{**FIELDS, **fields}), **tables}


@pytest.fixture(scope="module")
def nodes(tmp_path_factory, odd_training, repository) -> list[Path]:
    """Return the run folders of two nodes that have trained together."""
    folders = [tmp_path_factory.mktemp("node") / "run" for _ in range(2)]
    started = [
        train_model(odd_training(folder, **TOGETHER), repository, **variables)
        for folder, variables in zip(folders, variables_of_nodes(2), strict=True)
    ]
    assert [status for status, _ in ends_of(started)] == [0, 0]
    return folders


@pytest.fixture(scope="module")
def alone(tmp_path_factory, odd_training) -> Path:
    """Return the run folder of one process with the whole batch."""
    folder = tmp_path_factory.mktemp("alone")
    train(**odd_training(folder, train_batch_size=4))
    return folder


def numbers(run: Path, split: str) -> np.ndarray:
    with (run / split / "epoch_metrics.csv").open() as file:
        return np.array(
            [[float(cell or "nan") for cell in row] for row in list(csv.reader(file))[1:]]
        )


@pytest.mark.parametrize("name", ["epoch_001.ckpt", "last.ckpt"])
def test_two_nodes_end_with_the_weights_of_one_process_with_twice_the_batch(nodes, alone, name):
    ours, theirs = (load_checkpoint(run / "checkpoints" / name) for run in (nodes[0], alone))
    for layer, weights in theirs["state_dict"].items():
        torch.testing.assert_close(ours["state_dict"][layer], weights, rtol=1e-4, atol=1e-5)
    assert ours["global_step"] == theirs["global_step"]


@pytest.mark.parametrize("split", ["Train", "Val"])
def test_loss_and_metrics_are_those_of_one_process(nodes, alone, split):
    ours, theirs = numbers(nodes[0], split), numbers(alone, split)
    # A voxel on the edge may fall to the other side: loss and learning rate are smooth, Dice is not.
    np.testing.assert_allclose(ours[:, :2], theirs[:, :2], atol=1e-5)
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)


def test_every_node_writes_the_same_outputs(nodes, alone):
    assert files_of(nodes[0]) == files_of(nodes[1])
    assert files_of(nodes[0]).keys() == files_of(alone).keys()


def test_the_log_tells_of_both_and_only_the_first_node_writes_events(nodes):
    log = (nodes[0] / "logs" / "train_model.log").read_text()
    assert "Training with 2 processes on 2 machines" in log
    assert "on 2 CPUs together: 5 subjects, 2 steps of 4 crops" in log
    assert (nodes[0] / "logs" / "Lightning").is_dir()
    assert not (nodes[1] / "logs" / "Lightning").exists()


def start(
    processes, run_folders, odd_training, *, disk: Path | None = None, deaths=(None, None), **fields
) -> list:
    """Start two nodes, each with a log beside its run folder; a node may die after some epochs."""
    started = []
    for folder, variables, death in zip(run_folders, variables_of_nodes(2), deaths, strict=True):
        folder.parent.mkdir(exist_ok=True)
        arguments = odd_training(folder, **TOGETHER, **fields)
        on_disk = {AZUREML_RECOVERY: str(disk)} if disk else {}
        job = (arguments, {**variables, **on_disk}, folder.with_suffix(".log"), death)
        started.append(processes.Process(target=train_with, args=job))
        started[-1].start()
    return started


def exit_codes(started: list) -> list[int]:
    for process in started:
        process.join(PATIENCE_S)
    return [process.exitcode for process in started]


def test_a_lost_node_ends_the_other_and_a_new_one_takes_its_place(
    processes, tmp_path, odd_training, nodes
):
    folders = [tmp_path / "0" / "run", tmp_path / "1" / "run"]
    started = start(processes, folders, odd_training, disk=tmp_path / "disk", deaths=(None, 2))
    assert exit_codes(started) == [1, -signal.SIGKILL]
    log = folders[0].with_suffix(".log")
    assert "Process 1 of 2 lost another one, which has ended" in log.read_text()
    shutil.rmtree(folders[1])
    log.unlink()
    started = start(processes, folders, odd_training, disk=tmp_path / "disk")
    assert exit_codes(started) == [0, 0]
    assert re.search("Continuing after epoch [1-6] of 6", log.read_text())
    assert [files_of(folder) for folder in folders] == [files_of(nodes[0])] * 2


@pytest.mark.parametrize("faults", [("", ""), ("", "broken"), ("bent", "broken")])
def test_processes_share_values_sums_and_faults(faults, processes, tmp_path):
    logs = [tmp_path / "0.json", tmp_path / "1.json"]
    jobs = zip(faults, variables_of_nodes(2), logs, strict=True)
    started = [processes.Process(target=meet_with, args=job) for job in jobs]
    for process in started:
        process.start()
    assert exit_codes(started) == [0, 0]
    sentence = [next(filter(None, faults))] if any(faults) else []
    expected = [["rank 0", "rank 1"], [2.0, 10.0], *sentence]
    assert [json.loads(log.read_text()) for log in logs] == [expected] * 2


def test_a_loss_that_is_not_finite_ends_all_with_its_sentence(processes, tmp_path, odd_training):
    folders = [tmp_path / "0" / "run", tmp_path / "1" / "run"]
    started = start(processes, folders, odd_training, l_rate=1e30, optimizer_type="SGD")
    assert exit_codes(started) == [1, 1]
    logs = [folder.with_suffix(".log").read_text() for folder in folders]
    assert "The loss became nan in epoch 1, step 2, with crops of the subjects " in logs[0]
    assert logs[0].splitlines()[-1] == logs[1].splitlines()[-1]


# --- the processes of one node ------------------------------------------------------------------

TWO_ON_ONE_NODE = """
import contextlib, sys
from innereye.training import processes

processes.gpus_to_take = lambda max_num_gpus: ["one", "two"]
processes.claimed_gpus = lambda names: contextlib.nullcontext(len(names))
sys.path.insert(0, {scripts!r})
exec(compile(open({script!r}).read(), {script!r}, "exec"))
"""


@pytest.fixture
def two_on_one_node(tmp_path, repository):
    """Return a copy of the script that takes two CPUs for the GPUs of its node."""
    script = repository / "scripts" / "train_model.py"
    copy = tmp_path / "scripts" / "train_model.py"
    copy.parent.mkdir()
    copy.write_text(TWO_ON_ONE_NODE.format(script=str(script), scripts=str(script.parent)))
    return tmp_path


@pytest.mark.slow
def test_the_processes_of_one_node_train_together_and_one_writes(
    two_on_one_node, tmp_path, odd_training, nodes
):
    arguments = odd_training(tmp_path / "run", train_batch_size=2)
    disk = {AZUREML_RECOVERY: str(tmp_path / "disk")}
    [(status, messages)] = ends_of([train_model(arguments, two_on_one_node, **disk)])
    assert status == 0, messages
    assert files_of(tmp_path / "run") == files_of(nodes[0])
    log = (tmp_path / "run" / "logs" / "train_model.log").read_text()
    assert messages == log
    assert log.count("epoch 6/6") == 1


# --- who takes part -----------------------------------------------------------------------------


def test_a_training_takes_the_gpus_of_its_field(monkeypatch):
    monkeypatch.setattr(processes_module, "visible_gpus", lambda: ["a", "b", "c"])
    assert [gpus_to_take(number) for number in (0, 1, 2, 9)] == [
        [],
        ["a"],
        ["a", "b"],
        ["a", "b", "c"],
    ]
    assert gpus_to_take(-1) == ["a", "b", "c"]


def test_on_a_machine_that_others_share_a_training_is_alone(monkeypatch):
    monkeypatch.setattr(processes_module, "visible_gpus", lambda: ["a", "b"])
    for name, value in variables_of_nodes(2)[1].items():
        monkeypatch.setenv(name, value)
    with together(num_nodes=1, max_num_gpus=-1) as processes:
        assert processes == Processes()


@pytest.mark.parametrize("node", [0, 1])
def test_nodes_that_do_not_come_are_waited_for_and_named(node, monkeypatch):
    monkeypatch.setattr(processes_module, "TIME_TO_MEET", timedelta(seconds=0.2))
    for name, value in variables_of_nodes(2)[node].items():
        monkeypatch.setenv(name, value)
    with (
        pytest.raises(InnerEyeError, match=f"Process {node + 1} of 2 waited .* not all came"),
        together(num_nodes=2, max_num_gpus=0),
    ):
        pass
