"""On what does a job run? One process per rank, each node with a disk of its own, wiped afterwards."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from azureml_emulator.blobs import Blobs, files_below

NODE_MARK = "EMULATED_NODE"
UPLOADED_AT_END = ("outputs", "logs")
KILL_ROUNDS = 5


@dataclass(frozen=True)
class Work:
    """What the nodes of one attempt have to do."""

    folder: Path
    """Where the disks of the nodes are made."""
    command: str
    """A line of shell."""
    snapshot: dict[str, Path]
    """Files of the working directory, by path."""
    variables: dict[str, str]
    node_count: int
    processes_per_node: int
    artifacts: Path
    """Where the files of the run are collected."""
    keep: bool
    is_distributed: bool


class Nodes:
    """The machines of one attempt; leaving the `with` ends every process and wipes the disks."""

    def __init__(self, work: Work, blobs: Blobs) -> None:
        self.work, self.blobs = work, blobs
        self.processes: list[subprocess.Popen[bytes]] = []
        self._mark = uuid.uuid4().hex
        self._uploaded: dict[Path, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for process in self.processes:
            process.wait()
        if not self.work.keep:
            shutil.rmtree(self.work.folder, ignore_errors=True)

    def directory(self, node: int) -> Path:
        """Return the working directory on a node."""
        return self.work.folder / f"node_{node}" / "wd"

    def start(self) -> None:
        """Lay out the disks and start one process per rank."""
        work = self.work
        nodes = work.node_count if work.is_distributed else 1
        for node in range(nodes):
            self._lay_out(node)
        world = nodes * work.processes_per_node
        port = free_port()
        for rank in range(world):
            node, local_rank = divmod(rank, work.processes_per_node)
            ranks = ranks_of(work, rank, node, local_rank, world, port)
            log = "std_log.txt" if world == 1 else f"std_log_process_{rank:02d}.txt"
            self._start_process(node, ranks, f"user_logs/{log}")

    def _lay_out(self, node: int) -> None:
        directory = self.directory(node)
        for folder in (directory, directory.parent / "home", directory.parent / "tmp"):
            folder.mkdir(parents=True)
        for name, source in self.work.snapshot.items():
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        for folder in UPLOADED_AT_END:
            (directory / folder).mkdir(exist_ok=True)
        log = self.work.artifacts / f"system_logs/lifecycler/execution-wrapper-{node}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("The emulated node has been set up.\n")

    def _start_process(self, node: int, ranks: dict[str, str], log: str) -> None:
        directory = self.directory(node)
        own = {
            "HOME": str(directory.parent / "home"),
            "TMPDIR": str(directory.parent / "tmp"),
            NODE_MARK: self._mark,
        }
        stdout = self.work.artifacts / log
        stdout.parent.mkdir(parents=True, exist_ok=True)
        with stdout.open("wb") as stream:
            process = subprocess.Popen(
                ["/bin/bash", "-c", self.work.command],
                cwd=directory,
                env=self.work.variables | ranks | own,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)

    def are_alive(self) -> bool:
        """Say whether any process is left."""
        return any(process.poll() is None for process in self.processes)

    def has_failed(self) -> bool:
        """Say whether a process has ended badly; the service then ends the others."""
        return any(process.poll() for process in self.processes)

    def exit_codes(self) -> list[int | None]:
        """Return the exit status of each rank."""
        return [process.returncode for process in self.processes]

    def terminate(self) -> None:
        """Ask every process to end."""
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End every process on these nodes, also those in sessions of their own."""
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        for _ in range(KILL_ROUNDS):  # a process may start another one while it is looked for
            marked = self._marked_processes()
            for number in marked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            if not marked:
                break

    def _marked_processes(self) -> list[int]:
        mark, found = f"{NODE_MARK}={self._mark}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def upload_logs(self) -> None:
        """Copy what is new below `logs/` to the files of the run."""
        self._upload(("logs",))

    def collect(self) -> None:
        """Copy `outputs/` and `logs/` of all nodes; of files of one name the last node's stays."""
        self._upload(UPLOADED_AT_END)

    def _upload(self, folders: tuple[str, ...]) -> None:
        for node in range(self.work.node_count):
            directory = self.directory(node)
            for source in (path for name in folders for path in files_below(directory / name)):
                with contextlib.suppress(FileNotFoundError):  # deleted by the job meanwhile
                    state = source.stat()
                    if self._uploaded.get(source) != (state.st_mtime_ns, state.st_size):
                        self.blobs.copy_in(
                            source, self.work.artifacts / source.relative_to(directory)
                        )
                        self._uploaded[source] = (state.st_mtime_ns, state.st_size)


def ranks_of(
    work: Work, rank: int, node: int, local_rank: int, world: int, port: int
) -> dict[str, str]:
    """Return the variables by which a process knows its place."""
    place = {
        "AZUREML_NODE_COUNT": str(work.node_count),
        "AZ_BATCHAI_TASK_INDEX": str(node),
        "AZ_BATCH_MASTER_NODE": f"127.0.0.1:{port}",
    }
    if work.is_distributed:
        place |= {
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
            "NODE_RANK": str(node),
            "RANK": str(rank),
            "LOCAL_RANK": str(local_rank),
            "WORLD_SIZE": str(world),
        }
    return place


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
