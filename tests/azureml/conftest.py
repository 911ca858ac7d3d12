"""An AzureML workspace on this machine: the real client talks to it over HTTPS on loopback."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from azureml_emulator import Emulator

# What a developer's machine may have set, and what would send a test to a real workspace.
FOREIGN_PREFIXES = ("AZURE_", "AZUREML_", "SNAKEMAKE_AZUREML_", "ARM_", "MSI_", "IDENTITY_")


@pytest.fixture(scope="session")
def client_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's home: azureml-core looks it up once per process, while it is imported."""
    return tmp_path_factory.mktemp("azureml-home")


@pytest.fixture
def emulator(
    tmp_path_factory: pytest.TempPathFactory, client_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Emulator]:
    """A fresh workspace; this process and its children reach it, and no other host, by environment.

    The clusters are `gpu-cluster` (4 nodes) and `cpu-cluster` (2). Afterwards nothing may have
    asked for a host or an operation that is not emulated.
    """
    for entry in client_home.iterdir():  # last test's caches of discovery, snapshot and sign-in
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for name in [name for name in os.environ if name.startswith(FOREIGN_PREFIXES)]:
        monkeypatch.delenv(name)
    with Emulator(tmp_path_factory.mktemp("azureml"), home=client_home) as emulator:
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)
        yield emulator
    assert emulator.refused == [], "hosts were asked for that are not emulated"
    assert emulator.bugs == [], "operations were asked for that are not emulated"
    assert emulator.leaks == [], "the secret was sent to more than the sign-in"
