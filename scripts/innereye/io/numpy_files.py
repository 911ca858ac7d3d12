"""Which volume does a .npy or .npz file hold? One array, (Z, Y, X), as it is stored."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy_format

from innereye.errors import ImageError

PLAIN_NUMBERS = "biuf"  # kinds of numpy's types: bool, whole numbers with and without sign, floats


def read_shape(path: Path) -> tuple[int, int, int]:
    """Return the size (Z, Y, X) from the header of the array.

    Raises:
        ImageError: the file is no such file, or its array is not 3-D of plain numbers.
    """
    return require_plain_volume(path, *_read_header(path))


def read_voxels(path: Path) -> np.ndarray:
    """Return the array (Z, Y, X) as stored.

    Raises:
        ImageError: as `read_shape`; or the file is truncated or damaged.
    """
    read_shape(path)  # says what is wrong before anything large is read
    with _opened(path) as stream:
        return npy_format.read_array(stream, allow_pickle=False)


def read_picture_or_volume(path: Path) -> np.ndarray:
    """Return the array as stored, as a volume: (Y, X) and (1, Z, Y, X) are taken, too.

    Raises:
        ImageError: as `read_voxels`; or the array has other dimensions.
    """
    shape, dtype = _read_header(path)
    allowed = "2, 3 or 4 are allowed: (Y, X), (Z, Y, X) or (1, Z, Y, X)"
    if len(shape) not in (2, 3, 4) or (len(shape) == 4 and shape[0] != 1):
        raise ImageError(f"{path} has an array of shape {shape}; {allowed}.")
    volume = (1, *shape)[-3:]
    require_plain_volume(path, volume, dtype)
    with _opened(path) as stream:
        return npy_format.read_array(stream, allow_pickle=False).reshape(volume)


def require_plain_volume(
    where: Path | str, shape: tuple[int, ...], dtype: np.dtype
) -> tuple[int, int, int]:
    """Return the shape of an array that can be a volume.

    Raises:
        ImageError: it is not 3-D, has no voxels, or holds other things than plain numbers.
    """
    if dtype.kind not in PLAIN_NUMBERS:
        raise ImageError(f"{where} holds {dtype}; plain numbers are allowed.")
    if len(shape) != 3:
        raise ImageError(f"{where} has {len(shape)} dimensions; 3 are allowed: (Z, Y, X).")
    if min(shape) < 1:
        raise ImageError(f"{where} has no voxels: its size (Z, Y, X) is {shape}.")
    return shape[0], shape[1], shape[2]


def _read_header(path: Path) -> tuple[tuple[int, ...], np.dtype]:
    with _opened(path) as stream:
        version = npy_format.read_magic(stream)
        read = npy_format.read_array_header_1_0 if version == (1, 0) else _read_later_header
        shape, _, dtype = read(stream)
    return shape, dtype


def _read_later_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, order and type of an array written since numpy 1.9: a longer header."""
    return npy_format.read_array_header_2_0(stream)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Give the bytes of the one array of a file."""
    try:
        if path.name.lower().endswith(".npy"):
            with path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) != 1:
                raise ImageError(
                    f"{path} holds {len(names)} arrays ({', '.join(names)}); exactly one is allowed."
                )
            with archive.open(names[0]) as stream:
                yield stream
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).strip().rstrip(".").splitlines()[0]
        raise ImageError(f"{path} cannot be read as numpy's: {reason}.") from None
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror or error}.") from None
