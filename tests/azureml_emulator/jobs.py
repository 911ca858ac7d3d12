"""What becomes of a submitted run? From the queue to a terminal status, and back on pre-emption."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from azureml_emulator.blobs import Blobs
from azureml_emulator.clusters import Cluster
from azureml_emulator.faults import Hold
from azureml_emulator.history import History, Record
from azureml_emulator.nodes import Nodes
from azureml_emulator.settings import Settings

LOOK_S = 0.02
START_S = 30
BEFORE_THE_QUEUE = ("Starting", "Provisioning", "Preparing")
PREEMPTED = (
    "AzureMLCompute job failed. PreemptionError: Nodes of this job got pre-empted. Check if the "
    "run has failed or restarted. Reason: Received pre-emption warning signal"
)


@dataclass(frozen=True)
class Surroundings:
    """What a job finds in the workspace."""

    history: History
    blobs: Blobs
    settings: Settings
    holds: Iterable[Hold]
    make_nodes: Callable[[Record, int], Nodes]
    """Gives the nodes of one attempt, by the run and the number of the attempt."""


@dataclass
class Preemption:
    """Nodes are taken away: what is to follow, and when it has followed."""

    restart: bool
    keep_outputs: bool
    done: threading.Event = field(default_factory=threading.Event)


class Job(threading.Thread):
    """One submitted run; `record` is what clients see of it."""

    def __init__(self, around: Surroundings, record: Record, cluster: Cluster) -> None:
        super().__init__(daemon=True, name=record["runId"])
        self.around, self.record, self.cluster = around, record, cluster
        self.spec: dict[str, Any] = record["_spec"]
        self.node_count = int(self.spec.get("nodeCount") or 1)
        self.attempt = 0
        self.cancelled, self.stopped = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._nodes: Nodes | None = None
        self._preemption: Preemption | None = None

    def run(self) -> None:
        """Live until a terminal status."""
        try:
            if not all(self._enter(status) for status in BEFORE_THE_QUEUE):
                self._set("Canceled")
            elif self.around.settings.image_error:
                self._set("Failed", f"Image build failed. {self.around.settings.image_error}")
            else:
                while self._attempt():
                    self.attempt += 1
        except Exception as error:  # noqa: BLE001 - the run shows it
            self._set("Failed", f"The emulator failed: {type(error).__name__}: {error}")

    def cancel(self) -> None:
        """Ask for the end of the run."""
        self.cancelled.set()
        self._set("CancelRequested")

    def stop(self) -> None:
        """End everything at once: the emulator goes away."""
        self.stopped.set()
        self.cancelled.set()

    def preempt(self, *, restart: bool, keep_outputs: bool) -> None:
        """Take the nodes away, once the run has some; return when it has its next status."""
        until = time.monotonic() + START_S
        while self._nodes is None and self.is_alive() and time.monotonic() < until:
            time.sleep(LOOK_S)
        with self._lock:
            if self._nodes is None:
                raise RuntimeError(f"run {self.name} is {self.record['status']}: it has no node")
            self._preemption = preemption = Preemption(restart, keep_outputs)
            self._nodes.kill()
        preemption.done.wait(START_S)

    def _attempt(self) -> bool:
        """Queue, run and collect once; say whether the run has to begin anew."""
        if not self._enter("Queued") or not self.cluster.take(self.node_count, self.cancelled):
            self._set("Canceled")
            return False
        try:
            if not self._enter("Running"):
                self._set("Canceled")
                return False
            return self._run_on(self.around.make_nodes(self.record, self.attempt))
        finally:
            self.cluster.give_back(self.node_count)

    def _run_on(self, nodes: Nodes) -> bool:
        with nodes:
            nodes.start()
            with self._lock:
                self._nodes = nodes
            is_out_of_time = self._wait(nodes)
            with self._lock:
                self._nodes, preemption = None, self._preemption
                self._preemption = None
            if preemption:
                return self._end_by(preemption, nodes)
            if not self.cancelled.is_set():
                self._enter("Finalizing")
            nodes.collect()
        self._finish(nodes.exit_codes(), is_out_of_time=is_out_of_time)
        return False

    def _wait(self, nodes: Nodes) -> bool:
        """Wait for the end of all processes; say whether their time ran out."""
        limit = self.spec.get("maxRunDurationSeconds")
        deadline = time.monotonic() + float(limit) if limit else float("inf")
        next_upload, kill_at = 0.0, float("inf")
        while nodes.are_alive():
            now = time.monotonic()
            if now >= next_upload:
                nodes.upload_logs()
                next_upload = now + self.around.settings.upload_every_s
            is_doomed = self.cancelled.is_set() or now > deadline or nodes.has_failed()
            if is_doomed and kill_at == float("inf"):
                nodes.terminate()
                kill_at = now + self.around.settings.grace_s
            if now > kill_at or self.stopped.is_set():
                nodes.kill()
            time.sleep(LOOK_S)
        return time.monotonic() > deadline

    def _end_by(self, preemption: Preemption, nodes: Nodes) -> bool:
        """Lose what lay on the nodes; go back to the queue, or fail as the service sometimes does."""
        if preemption.keep_outputs:
            nodes.collect()
        is_over = self.cancelled.is_set() or not preemption.restart
        if not is_over:
            self._set("Queued")
        elif self.cancelled.is_set():
            self._set("Canceled")
        else:
            self._set("Failed", PREEMPTED)
        preemption.done.set()
        return not is_over

    def _finish(self, codes: list[int | None], *, is_out_of_time: bool) -> None:
        if self.cancelled.is_set():
            self._set("Canceled")
        elif is_out_of_time:
            limit = self.spec["maxRunDurationSeconds"]
            self._set("Canceled", f"The run was cancelled: it exceeded its limit of {limit} s.")
        elif any(codes):
            self._set(
                "Failed",
                f"Execution failed. User process exited with status code {codes}. "
                "Please check log file 'user_logs/std_log.txt' for error details.",
            )
        else:
            self._set("Completed")

    def _enter(self, status: str) -> bool:
        """Take a status and stay in it as long as settings and holds say; False when cancelled."""
        if self.cancelled.is_set():
            return False
        self._set(status)
        until = time.monotonic() + self.around.settings.delays.get(status, 0)
        while time.monotonic() < until or any(
            hold.holds(status, self.name) for hold in self.around.holds
        ):
            if self.cancelled.wait(LOOK_S):
                return False
        return not self.cancelled.is_set()

    def _set(self, status: str, error: str = "") -> bool:
        return self.around.history.set_status(self.record, status, error)
