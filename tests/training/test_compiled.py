"""Compiling a network, where there is a compiler and where there is none. Minutes at a first call."""

import subprocess
import sys

import pytest
import torch

from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.compiled import compiler_fault
from innereye.training.train import train

# The compiler of torch warns of parts of its own.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
PROGRAM = """
import logging, torch
from innereye.training.compiled import compile_network
logging.basicConfig(level="INFO", format="%(message)s")
network = torch.nn.Conv3d(1, 2, 3)
is_compiled = compile_network(network, torch.device("cpu"))
print(is_compiled, tuple(network(torch.zeros(1, 1, 4, 4, 4)).shape), *network.state_dict())
"""


def test_without_a_compiler_the_network_runs_as_it_is_and_the_log_says_why(repository, tmp_path):
    none = {"CXX": str(tmp_path / "no_compiler"), "TORCHINDUCTOR_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PYTHONPATH": str(repository / "scripts"), "PATH": str(tmp_path), **none},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "(1,", "2,", "2,", "2,", "2)", "weight", "bias"]
    assert "use_torch_compile has no effect: torch cannot compile for this CPU" in done.stderr


def test_a_compiled_training_learns_what_another_learns(training, tmp_path, caplog):
    if fault := compiler_fault(torch.device("cpu")):
        pytest.skip(f"torch cannot compile here: {fault}")
    caplog.set_level("INFO")
    states = []
    for name, fields in {
        "plain": {},
        "compiled": {"use_torch_compile": True},
        "again": {"use_torch_compile": True},
    }.items():
        train(**training(tmp_path / name, num_epochs=1, ema_decay=0.9, **fields))
        states.append(load_checkpoint(tmp_path / name / "checkpoints" / "last.ckpt")["state_dict"])
    plain, compiled, again = states
    assert caplog.text.count("The network is compiled in the first steps") == 2
    assert list(plain) == list(compiled)
    for name, weights in plain.items():
        torch.testing.assert_close(compiled[name], weights, rtol=1e-2, atol=1e-3)
        assert torch.equal(compiled[name], again[name])
