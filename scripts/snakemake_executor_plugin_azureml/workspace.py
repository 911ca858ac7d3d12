"""What does the executor ask of an AzureML workspace? A handful of verbs over plain values.

`azureml_workspace` answers them with azureml-core; nothing else in this package imports azureml.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Status(StrEnum):
    """What has become of a run, as far as the executor must tell the cases apart."""

    ALIVE = "alive"
    """Queued, being prepared, running, cancelling, or anything that this version does not know."""
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Run:
    """A run as the service describes it; `service_status` is the service's own word."""

    run_id: str
    experiment: str
    status: Status
    service_status: str
    parent: str | None = None
    error: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def recovery_id(self) -> str:
        """The text by which people name the run: EXPERIMENT:RUN."""
        return f"{self.experiment}:{self.run_id}"


@dataclass(frozen=True)
class Mount:
    """A folder of a datastore that a run sees as a folder of its own machine."""

    datastore: str
    path: str


@dataclass(frozen=True)
class Image:
    """In what a run computes: a registered environment by name, or one made from a conda file."""

    name: str = ""
    """Name, or NAME:VERSION, of an environment of the workspace; empty to build `conda_file`."""
    conda_file: Path | None = None
    docker_image: str = ""
    """Base image; empty for the service's default one."""
    shm_size: str = "16g"
    """Shared memory of the container; loaders of volumes need more than the service's 2g."""


@dataclass(frozen=True)
class RunRequest:
    """All that is needed to start a run. `command` is one line of shell."""

    run_id: str
    experiment: str
    command: str
    sources: Path
    """Folder that becomes the working directory of the run."""
    cluster: str
    image: Image
    mounts: Mapping[str, Mount] = field(default_factory=dict)
    """By name; the run finds the folder in the variable AZUREML_DATAREFERENCE_<name>."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables; visible to all who see the workspace, so never a secret."""
    tags: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    display_name: str = ""
    num_nodes: int = 1
    """With more than one, one process is started on each, with NODE_RANK, MASTER_ADDR and MASTER_PORT."""
    time_limit_s: int | None = None


@dataclass(frozen=True)
class Blob:
    """A file in a datastore."""

    path: str
    size: int
    etag: str
    modified: datetime


@dataclass(frozen=True)
class Cluster:
    """A compute cluster; `state` is the service's word for its provisioning."""

    name: str
    vm_size: str
    state: str
    min_nodes: int
    max_nodes: int
    error: str = ""


Progress = Callable[[int], None]
"""Is called with the number of bytes that have just been moved."""


class WorkspaceError(Exception):
    """The workspace refused, or could not be reached; the message is a sentence for people."""


class TransientError(WorkspaceError):
    """The service is overloaded or out of reach for the moment: worth another try later."""


class NotFoundError(WorkspaceError):
    """There is no such run, cluster, model, datastore, environment or file."""


class Workspace(Protocol):
    """A workspace in use. Every verb may raise WorkspaceError; those that only ask may be repeated.

    Each verb tries again by itself a few times on errors that pass, then raises TransientError.
    All verbs may be called from several threads.
    """

    name: str

    # ---- runs
    def submit(self, request: RunRequest) -> None:
        """Start a run. Where a run of that id exists already, nothing happens."""
        ...

    def start_parent(self, run_id: str, experiment: str, tags: Mapping[str, str]) -> None:
        """Make a run without a command, to hold others; an existing one is kept and gets the tags."""
        ...

    def finish_parent(self, run_id: str, status: Status) -> None:
        """Say how a parent ended: completed, failed or canceled."""
        ...

    def run(self, run_id: str) -> Run:
        """Return one run; NotFoundError where it does not exist."""
        ...

    def runs_by_tag(self, experiment: str, name: str, value: str) -> list[Run]:
        """Return all runs of an experiment with a tag, children too; one query, paged."""
        ...

    def experiment_runs(self, experiment: str) -> list[Run]:
        """Return all runs of an experiment, children too; none where there is no such experiment."""
        ...

    def children(self, run_id: str) -> list[Run]:
        """Return the runs below a run, oldest first."""
        ...

    def cancel(self, run_id: str) -> None:
        """Ask for the end of a run; one that has ended is left alone."""
        ...

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Add tags to a run, or change them."""
        ...

    def log_tail(self, run_id: str, lines: int) -> str:
        """Return the end of what a run's processes printed; empty where there is nothing."""
        ...

    # ---- files of runs ("Outputs and Logs")
    def list_files(self, run_id: str, prefix: str = "") -> list[str]:
        """Return the paths of a run's files, sorted, such as `outputs/a.csv`."""
        ...

    def download_file(self, run_id: str, path: str, target: Path) -> None:
        """Fetch one file of a run; `target` appears only when it is whole."""
        ...

    def upload_folder(self, run_id: str, name: str, folder: Path) -> None:
        """Put the files of a folder below `name` among the files of a run."""
        ...

    # ---- models
    def register_model(self, run_id: str, *, name: str, path: str, tags: Mapping[str, str]) -> str:
        """Register a folder or file of a run as a model; return its id, NAME:VERSION."""
        ...

    def find_model(self, run_id: str, *, name: str, tags: Mapping[str, str]) -> str | None:
        """Return the newest model of this name and with these tags that a run registered, or None."""
        ...

    def download_model(self, model_id: str, folder: Path) -> Path:
        """Fetch a model NAME:VERSION, or the newest NAME, into a folder; return where it lies."""
        ...

    # ---- datastores
    def list_blobs(self, mount: Mount) -> list[Blob]:
        """Return the files below a folder, their paths relative to it; empty where there is none."""
        ...

    def upload_blob(self, mount: Mount, source: Path, progress: Progress | None = None) -> None:
        """Write one file; `mount.path` is its full path in the datastore."""
        ...

    def download_blob(self, mount: Mount, target: Path) -> None:
        """Fetch one file; `target` appears only when it is whole."""
        ...

    def delete_blobs(self, mount: Mount) -> None:
        """Take away the files below a folder; one that is gone already is no error."""
        ...

    def data_set_folder(self, name: str) -> Mount | None:
        """Return the folder of a data set registered in the workspace, or None."""
        ...

    # ---- for `azureml_doctor`
    def clusters(self) -> Sequence[Cluster]:
        """Return the compute clusters of the workspace."""
        ...

    def datastores(self) -> Iterable[str]:
        """Return the names of the datastores that are asked about most: the default one first."""
        ...

    def environment_exists(self, name: str) -> bool:
        """Does the workspace have this environment, NAME or NAME:VERSION?"""
        ...
