"""Where do arrays go that may not fit into memory? Into unnamed files, page by page."""

import mmap
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from innereye.errors import ImageError

# Larger arrays go to a file: two of this size, the image padded and the writing stay below 2 GiB.
MOST_BYTES_IN_MEMORY = 256 * 2**20


class Scratch:
    """Makes arrays for results in between; large ones are files of a folder.

    The files have no name, so that the operating system removes them however the process ends.
    """

    def __init__(self, folder: Path, most_bytes_in_memory: int = MOST_BYTES_IN_MEMORY) -> None:
        self._folder = folder
        self._most_bytes = most_bytes_in_memory

    def zeros(self, shape: Sequence[int], dtype: npt.DTypeLike) -> np.ndarray:
        """Return an array of zeros.

        Raises:
            ImageError: the folder's disk is full.
        """
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if size <= self._most_bytes:
            return np.zeros(shape, dtype)
        with tempfile.TemporaryFile(dir=self._folder) as stream:
            try:
                _reserve(stream.fileno(), size)
            except OSError as error:
                raise ImageError(
                    f"{self._folder} has no room for {size / 2**30:.1f} GiB of posteriors: "
                    f"{error.strerror}."
                ) from None
            return np.asarray(np.memmap(stream, dtype, "r+", shape=tuple(shape)))


def forget_pages(array: np.ndarray) -> None:
    """Let go of the memory that holds pages of a file; its content stays. Other arrays keep theirs."""
    base = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap) and isinstance(base.base, mmap.mmap):
            base.base.madvise(mmap.MADV_DONTNEED)
            return
        base = base.base


def _reserve(file: int, size: int) -> None:
    """Give a file its size, and the room on the disk where the system can promise it."""
    if hasattr(os, "posix_fallocate"):
        # A file with holes would end the process, without a word, once the disk is full.
        os.posix_fallocate(file, 0, size)
    else:
        os.ftruncate(file, size)
