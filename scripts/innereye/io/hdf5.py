"""Which volume does `file|dataset|channel` or `file|dataset|channel|value` mean in an HDF5 file?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from innereye.errors import ImageError
from innereye.io.location import MALFORMED_PART, Hdf5Part, hdf5_part
from innereye.io.numpy_files import require_plain_volume


def read_shape(path: Path) -> tuple[int, int, int]:
    """Return the size (Z, Y, X) of a channel from the header of its dataset.

    Raises:
        ImageError: the path names no channel of a dataset (channel, Z, Y, X) of plain numbers.
    """
    with _opened(path) as (_, dataset):
        return require_plain_volume(path, dataset.shape[1:], dataset.dtype)


def read_voxels(path: Path) -> np.ndarray:
    """Return the channel (Z, Y, X) as stored, or with a value the mask of its voxels, uint8.

    Only the channel is read. A value that does not occur gives an empty mask.

    Raises:
        ImageError: as `read_shape`; or the file is truncated or damaged.
    """
    read_shape(path)
    with _opened(path) as (part, dataset):
        voxels = np.asarray(dataset[part.channel])
    if not part.value:
        return voxels
    return (voxels == float(part.value)).view(np.uint8)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Hdf5Part, Any]]:
    """Give the parts of a path and its dataset, which has the channel."""
    import h5py  # noqa: PLC0415  # a fifth of a second that other formats need not wait for

    part = _part(path)
    try:
        # A file that is only read needs no lock, which folders of a network may refuse.
        with h5py.File(part.file, "r", locking=False) as file:
            dataset = file.get(part.dataset)
            if not isinstance(dataset, h5py.Dataset):
                known = ", ".join(f"'{name}'" for name in _datasets(file)) or "none"
                raise ImageError(f"{path}: there is no dataset '{part.dataset}'; there is {known}.")
            _require_channel(path, part, dataset.shape)
            yield part, dataset
    except OSError as error:
        reason = str(error).strip().rstrip(".").splitlines()[0]
        raise ImageError(f"{path} cannot be read as HDF5: {reason}.") from None


def _part(path: Path) -> Hdf5Part:
    part = hdf5_part(str(path))
    if part is None:
        raise ImageError(f"{MALFORMED_PART.format(path=path)}.")
    try:
        float(part.value or 0)
    except ValueError:
        raise ImageError(f"{path}: the value '{part.value}' is no number.") from None
    return part


def _require_channel(path: Path, part: Hdf5Part, shape: tuple[int, ...]) -> None:
    if len(shape) != 4:
        raise ImageError(
            f"{path}: the dataset has {len(shape)} dimensions; 4 are allowed: (channel, Z, Y, X)."
        )
    if not 0 <= part.channel < shape[0]:
        raise ImageError(
            f"{path}: there is no channel {part.channel}; there are {shape[0]}, from 0."
        )


def _datasets(file: Any) -> list[str]:
    """Return the names of all datasets of a file, those in groups with the group before."""
    import h5py  # noqa: PLC0415

    names: list[str] = []
    file.visititems(
        lambda name, found: names.append(name) if isinstance(found, h5py.Dataset) else None
    )
    return sorted(names)
