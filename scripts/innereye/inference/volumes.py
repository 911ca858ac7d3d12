"""How do the results of a subject become files? Threads write them while the network goes on."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from innereye.errors import ConfigError
from innereye.inference.scratch import forget_pages
from innereye.io.image import Geometry, write_image
from innereye.names import (
    FILE,
    SEGMENTATION_NII,
    SHA256,
    SIZE_ZYX,
    SPACING_ZYX_MM,
    SUBJECT,
    UNCERTAINTY_NII,
    mask_nii,
    posterior_nii,
    subject_folder,
)
from innereye.provenance.files import sha256_of

SUBJECTS_IN_FLIGHT = 2

# Writing a volume takes it three times: its voxels, ITK's copy, and what is being compressed.
COPIES_OF_A_VOLUME = 3
BYTES_IN_WRITING = 700 * 2**20


@dataclass(frozen=True)
class Result:
    """Results of a subject, uint8 (Z, Y, X); posteriors (K, Z, Y, X), as uncertainty, times 255."""

    subject: str
    geometry: Geometry
    segmentation: np.ndarray
    posteriors: np.ndarray
    uncertainty: np.ndarray


class VolumeWriter:
    """Writes results into `<folder>/<subject>/` with a pool of threads; knows the manifest's rows.

    `write` returns at once unless SUBJECTS_IN_FLIGHT results wait already, which bounds the memory.
    An error of a thread is raised by a later `write` or by `rows`.
    """

    def __init__(self, folder: Path, class_names: Sequence[str], *, threads: int) -> None:
        """`class_names`: background first, then the structures."""
        self._folder = folder
        self._class_names = list(class_names)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="write")
        self._pending: deque[list[Future[dict[str, str]]]] = deque()
        self._rows: list[dict[str, str]] = []
        self._room = Room(BYTES_IN_WRITING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)

    def write(self, result: Result) -> None:
        """Start to write the volumes of one subject."""
        while len(self._pending) >= SUBJECTS_IN_FLIGHT:
            self._collect()
        volumes = volumes_of(result, self._class_names)
        self._pending.append(
            [self._pool.submit(self._write_one, result, *volume) for volume in volumes.items()]
        )

    def rows(self) -> list[dict[str, str]]:
        """Wait for all volumes; return one row of the manifest for each, subject by subject."""
        while self._pending:
            self._collect()
        return list(self._rows)

    def _collect(self) -> None:
        self._rows += [future.result() for future in self._pending.popleft()]

    def _write_one(
        self, result: Result, name: str, voxels: Callable[[], np.ndarray]
    ) -> dict[str, str]:
        file = f"{subject_folder(result.subject)}/{name}"
        with self._room.taken(COPIES_OF_A_VOLUME * result.segmentation.nbytes):
            write_image(self._folder / file, voxels(), result.geometry)
            forget_pages(result.segmentation)
        return {
            SUBJECT: result.subject,
            FILE: file,
            SHA256: sha256_of(self._folder / file),
            SIZE_ZYX: ",".join(map(str, result.geometry.size_zyx)),
            SPACING_ZYX_MM: ",".join(f"{mm:.9g}" for mm in result.geometry.spacing_zyx_mm),
        }


class Room:
    """Memory that threads share: who wants more than is left waits until others are done."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._taken = 0
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Wait for so many bytes, and hold them; more than there are at all wait until none is held."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._taken == 0 or self._taken + size <= self._most_bytes
            )
            self._taken += size
        try:
            yield
        finally:
            with self._changed:
                self._taken -= size
                self._changed.notify_all()


def volumes_of(result: Result, class_names: Sequence[str]) -> dict[str, Callable[[], np.ndarray]]:
    """Return the files of a subject's folder, each with a function that makes its voxels, uint8.

    Raises:
        ConfigError: the names of the structures give two volumes the same file.
        ValueError: the segmentation holds a class without a name.
    """
    if result.segmentation.max(initial=0) >= len(class_names):
        raise ValueError(
            f"Subject {result.subject}: class {result.segmentation.max()} has no name; "
            f"the names are {', '.join(class_names)}."
        )
    volumes: list[tuple[str, Callable[[], np.ndarray]]] = [
        (SEGMENTATION_NII, lambda: result.segmentation),
        (UNCERTAINTY_NII, lambda: result.uncertainty),
    ]
    for index, name in enumerate(class_names):
        volumes.append((posterior_nii(name), lambda index=index: result.posteriors[index]))
        volumes.append((mask_nii(name), lambda index=index: _mask(result.segmentation, index)))
    files = [file for file, _ in volumes]
    if taken := sorted({file for file in files if files.count(file) > 1}):
        raise ConfigError(
            f"ground_truth_ids {', '.join(class_names[1:])} need a file twice: {', '.join(taken)}. "
            "Rename a structure."
        )
    return dict(volumes)


def _mask(segmentation: np.ndarray, index: int) -> np.ndarray:
    return (segmentation == index).view(np.uint8)
