"""How do the processes that train one network together meet, share numbers, and part?"""

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed
from torch.distributed import TCPStore  # pyright: ignore[reportPrivateImportUsage]

from innereye.errors import InnerEyeError
from innereye.models.device import claimed_device, claimed_name, only_visible, visible_gpus
from innereye.names import AZUREML_RECOVERY
from innereye.training.followers import end_with_leader, started
from innereye.training.place import Place, is_follower, place_of_follower, place_of_leader

logger = logging.getLogger(__name__)

# The nodes of a job start within minutes of each other.
TIME_TO_MEET = timedelta(minutes=10)
# gloo notices at once that a process has died, nccl only by this limit; the first process may copy
# a checkpoint to a slow disk between two steps.
TIME_FOR_A_STEP = timedelta(minutes=10)
# Nodes read all images first, one perhaps more slowly than the other.
TIME_TO_PREPARE = timedelta(hours=3)

Value = TypeVar("Value")


@dataclass(frozen=True)
class Processes:
    """The processes of a training as one of them sees them; alone, it shares with nobody.

    `device` is None where the process takes one only when it needs it.
    """

    place: Place = field(default_factory=Place)
    device: torch.device | None = None
    _waiting: Any = None

    @contextmanager
    def claimed_device(self, max_num_gpus: int) -> Iterator[torch.device]:
        """Give the device of this process, waiting for a free GPU where it has none yet."""
        if self.device is None:
            with claimed_device(max_num_gpus) as device:
                yield device
        else:
            yield self.device

    def wait(self) -> None:
        """Return when all processes have come here."""
        self.gathered(None)

    def gathered(self, value: Value) -> list[Value]:
        """Return the value of each process, by rank; a process may come late."""
        if self.place.size == 1:
            return [value]
        values = [value] * self.place.size
        distributed.all_gather_object(values, value, group=self._waiting)
        return values

    def total(self, sums: Tensor) -> Tensor:
        """Return the sums over all processes, which come here in the same step."""
        if self.place.size == 1:
            return sums
        totals = sums.clone()
        distributed.all_reduce(totals)
        return totals

    def raise_together(self, fault: str) -> None:
        """End all processes with the fault of one of them; an empty text is none.

        Raises:
            InnerEyeError: a process has a fault.
        """
        if self.place.size > 1:
            flag = torch.tensor([1.0 if fault else 0.0], device=self.device)
            fault = next(filter(None, self.gathered(fault))) if self.total(flag).item() else ""
        if fault:
            raise InnerEyeError(fault)


@contextmanager
def together(*, num_nodes: int, max_num_gpus: int) -> Iterator[Processes]:
    """Give the processes of a training: one, or one for each GPU (or CPU) of several nodes.

    Only on a cluster does a training take more than one GPU: there, no other job is on its node.

    Raises:
        InnerEyeError: the others did not come, or one of them was lost.
    """
    if is_follower(os.environ):
        end_with_leader()
        logging.getLogger("innereye").setLevel(logging.WARNING)
        place = place_of_follower(os.environ)
        with _group(place, _store(place), max_num_gpus) as processes:
            yield processes
        return
    names = gpus_to_take(max_num_gpus)
    if num_nodes == 1 and (len(names) < 2 or AZUREML_RECOVERY not in os.environ):
        yield Processes()
        return
    with claimed_gpus(names) as count:
        per_node = max(1, count)
        place = place_of_leader(os.environ, num_nodes=num_nodes, per_node=per_node)
        store = _store(place)
        with (
            started(place.followers(store.port)),
            _group(place, store, max_num_gpus) as processes,
        ):
            yield processes


def gpus_to_take(max_num_gpus: int) -> list[str]:
    """Return the names of the GPUs of this machine, at most so many; -1 is no limit."""
    names = visible_gpus() if max_num_gpus else []
    return names if max_num_gpus < 0 else names[:max_num_gpus]


@contextmanager
def claimed_gpus(names: Sequence[str]) -> Iterator[int]:
    """Hold all these GPUs and hide the others; gives how many of them torch can use."""
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(claimed_name([name], Path(tempfile.gettempdir())))
        if names:
            stack.enter_context(only_visible(",".join(names)))
        yield torch.cuda.device_count() if names and torch.cuda.is_available() else 0


def _store(place: Place) -> TCPStore:
    """Return the connection to the first process, which serves it."""
    try:
        return TCPStore(
            place.address,
            place.port,
            is_master=place.leads_all,
            wait_for_workers=False,
            timeout=TIME_TO_MEET,
        )
    except distributed.DistError as error:
        raise InnerEyeError(f"{_nobody_came(place)} torch says: {_first_line(error)}") from None


@contextmanager
def _group(place: Place, store: TCPStore, max_num_gpus: int) -> Iterator[Processes]:
    """Meet the others, work with them, and part from them."""
    on_gpu = bool(max_num_gpus) and torch.cuda.is_available()
    device = torch.device("cuda", place.local_rank) if on_gpu else torch.device("cpu")
    _meet(place, store)
    try:
        distributed.init_process_group(
            "nccl" if on_gpu else "gloo",
            store=store,
            rank=place.rank,
            world_size=place.size,
            timeout=TIME_FOR_A_STEP,
        )
        waiting = distributed.new_group(backend="gloo", timeout=TIME_TO_PREPARE)
        processes = Processes(place, device, waiting)
        yield processes
        processes.wait()
    except RuntimeError as error:
        if not _is_lost(error):
            raise
        raise InnerEyeError(
            f"Process {place.rank + 1} of {place.size} lost another one, which has ended; that one's own "
            "message says why. The same command continues from the last recovery checkpoint."
        ) from error
    distributed.destroy_process_group()


def _meet(place: Place, store: TCPStore) -> None:
    logger.info(
        "Training with %d processes on %d machines; meeting at %s.",
        place.size,
        place.num_nodes,
        place.address,
    )
    store.set(f"here/{place.rank}", "yes")
    try:
        store.wait([f"here/{rank}" for rank in range(place.size)], TIME_TO_MEET)
    except distributed.DistError:
        raise InnerEyeError(_nobody_came(place)) from None


def _nobody_came(place: Place) -> str:
    minutes = TIME_TO_MEET.seconds // 60
    return (
        f"Process {place.rank + 1} of {place.size} waited {minutes} minutes at {place.address}:{place.port} "
        "for the others, and not all came. Look at the logs of the other nodes, and whether num_nodes is "
        "the number of nodes of the job."
    )


def _is_lost(error: RuntimeError) -> bool:
    """Does the error say that another process has ended, or does not answer?"""
    return isinstance(error, distributed.DistError) or "gloo/transport" in str(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
