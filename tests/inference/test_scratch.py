"""Do large arrays live in files that nobody sees?"""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from innereye.errors import ImageError
from innereye.inference.scratch import Scratch, forget_pages


@pytest.mark.parametrize("limit", [0, 10**6])
def test_an_array_keeps_what_is_written_whether_pages_are_forgotten_or_not(tmp_path, limit):
    values = np.random.default_rng(0).random((3, 50, 60, 7)).astype(np.float32)
    array = Scratch(tmp_path, limit).zeros(values.shape, np.float32)
    assert not array.any()
    for plane, given in zip(array, values, strict=True):
        plane[10:] = given[10:]
        forget_pages(plane[:, 3:4])
    np.testing.assert_array_equal(array[:, 10:], values[:, 10:])
    assert not array[:, :10].any()


def test_large_arrays_take_no_memory_of_their_own_and_no_name(tmp_path):
    array = Scratch(tmp_path, 0).zeros((64, 2**20), np.uint8)
    before = resident()
    array[:] = 1
    assert resident() - before > 60 * 2**20
    forget_pages(array[3])
    assert resident() - before < 20 * 2**20
    assert array.sum(dtype=np.int64) == array.size
    assert not any(tmp_path.iterdir())


def test_a_full_disk_is_a_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ImageError, match=r"no room for 3\.0 GiB of posteriors: No space left"):
        Scratch(tmp_path).zeros((3, 2**30), np.uint8)


def resident():
    """Return the bytes of this process that are in memory."""
    with Path("/proc/self/statm").open(encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
