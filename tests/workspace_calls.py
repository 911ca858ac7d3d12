"""Calls of an emulated workspace as the executor makes them, with waits that take no time."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from azureml_emulator import Emulator
from azureml_emulator.places import RESOURCE_GROUP, SUBSCRIPTION, WORKSPACE
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import Image, RunRequest, Workspace

OPTIONS = Options(
    subscription_id=SUBSCRIPTION,
    resource_group=RESOURCE_GROUP,
    workspace=WORKSPACE,
    experiment="tests",
)
SILENCE_S = 0.5
"""How long these calls wait for an answer before they try again."""


@dataclass
class Clock:
    """Notes the waits instead of waiting."""

    waits_s: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits_s.append(seconds)


def open_workspace(options: Options = OPTIONS, **patience: object) -> Workspace:
    """Sign in with what the environment says; `patience` replaces fields of Patience."""
    quick = replace(Patience(read_s=20, sleep=Clock().sleep), **patience)
    return connect(options, patience=quick)


def request_of(sources: Path, command: str = "true", **more: object) -> RunRequest:
    """Return a request for a run named `tests_1_0000000a` in the cluster `gpu-cluster`."""
    request = RunRequest(
        run_id="tests_1_0000000a",
        experiment="tests",
        command=command,
        sources=sources,
        cluster="gpu-cluster",
        image=Image(docker_image="registry.example/image:1"),
    )
    return replace(request, **more)


def ended_run(emulator: Emulator, run_id: str, status: str = "Completed", **more: object) -> None:
    """Put a run into the history as if it had been computed; `more`: its error, its parent."""
    history = emulator.state.history
    parent = str(more["parent"]) if "parent" in more else None
    record = history.new_run("tests", run_id, parent, "azureml.scriptrun")
    history.set_status(record, status, str(more.get("error", "")))


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files by their paths below a folder; return the folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def sources_in(folder: Path, **files: str) -> Path:
    """Return a folder of sources: a.txt, and what is named."""
    return write_files(folder, {f"{k}.txt": text for k, text in {"a": "content", **files}.items()})


def asked(emulator: Emulator, method: str, part: str) -> int:
    """Return how often something was asked for."""
    return sum(each.method == method and part in each.path for each in emulator.requests)
