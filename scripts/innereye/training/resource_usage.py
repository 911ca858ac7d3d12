"""How busy are CPU and GPU while a network trains? Means and maxima over many looks."""

import os
import resource
import shutil
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import TracebackType

import torch

from innereye.io.files import atomic_write

BYTES_PER_GB = 2**30
KB_PER_GB = 2**20
TIME_FOR_NVIDIA_SMI_S = 10


class ResourceUsage:
    """Looks at the load every `interval_s` seconds, in a thread, for as long as its block runs."""

    def __init__(self, device: torch.device, *, interval_s: float) -> None:
        self._device = device
        self._interval_s = interval_s
        self._seen: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look_until_over, daemon=True)
        self._cpu = _cpu_seconds(), time.perf_counter()

    def __enter__(self) -> "ResourceUsage":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        self._look()

    def write(self, csv_path: Path) -> None:
        """Write InnerEye's table: rows of gpu, metric, value; maxima have the prefix Max."""
        lines = ["gpu,metric,value"]
        for (unit, metric), values in sorted(self._seen.items()):
            lines.append(f"{unit},{metric},{sum(values) / len(values):.3f}")
            lines.append(f"{unit},Max{metric},{max(values):.3f}")
        csv_path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(csv_path) as temporary:
            # InnerEye ends the last row without a line end.
            temporary.write_text("\n".join(lines), encoding="utf-8", newline="\n")

    def _look_until_over(self) -> None:
        while not self._is_over.wait(self._interval_s):
            self._look()

    def _look(self) -> None:
        for metric, value in self._cpu_now().items():
            self._seen["CPU", metric].append(value)
        if self._device.type == "cuda":
            for metric, value in gpu_load(self._device).items():
                self._seen[f"GPU{self._device.index or 0}", metric].append(value)

    def _cpu_now(self) -> dict[str, float]:
        """Return the load since the last look, 100 for one busy core, and the memory so far."""
        before, self._cpu = self._cpu, (_cpu_seconds(), time.perf_counter())
        passed = max(self._cpu[1] - before[1], 1e-9)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "Load_Percent": 100 * (self._cpu[0] - before[0]) / passed,
            "MemAllocated_GB": own / KB_PER_GB,
        }


def gpu_load(device: torch.device) -> dict[str, float]:
    """Return the load of a GPU in percent, and this process's memory on it."""
    load = {
        "MemReserved_GB": torch.cuda.memory_reserved(device) / BYTES_PER_GB,
        "MemAllocated_GB": torch.cuda.memory_allocated(device) / BYTES_PER_GB,
    }
    return {**load, **_percentages(torch.cuda.get_device_properties(device).uuid)}


def _percentages(uuid: object) -> dict[str, float]:
    """Return what the driver's own program says of a GPU, or nothing where it is not there."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return {}
    query = ["--query-gpu=utilization.gpu,utilization.memory", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(
            [program, *query, f"--id=GPU-{uuid}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=TIME_FOR_NVIDIA_SMI_S,
        )
        return dict(
            zip(
                ("Load_Percent", "MemUtil_Percent"), map(float, done.stdout.split(",")), strict=True
            )
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        # A GPU that cannot say how busy it is, such as a part of one, leaves the rows out.
        return {}


def _cpu_seconds() -> float:
    """Return the time that processors have spent on this process and on its finished children."""
    return sum(os.times()[:4])
