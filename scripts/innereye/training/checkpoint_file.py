"""How do equal trainings get checkpoints of equal bytes, and how is a damaged one noticed?"""

import lzma
import pickle
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.plugins.io import CheckpointIO

from innereye.errors import CheckpointError
from innereye.io.files import atomic_write

# Progress counters of Lightning's loops differ between a training and its continuation; the number
# of finished epochs says all that a continuation needs.
LEFT_OUT = frozenset({"loops"})
# What zipfile, pickle and torch raise on bytes that are not what they seem.
SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    pickle.UnpicklingError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class DeterministicCheckpointIO(CheckpointIO):
    """Lightning's way to checkpoint files: atomic, and equal contents give equal bytes."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None
    ) -> None:
        """Write a checkpoint; the file appears whole or not at all."""
        del storage_options
        kept = {key: value for key, value in checkpoint.items() if key not in LEFT_OUT}
        # torch.save writes the stem of a path into the archive; an open file has none.
        with atomic_write(Path(path)) as temporary, temporary.open("wb") as file:
            torch.save(_canonical(kept), file)

    def load_checkpoint(
        self, path: Any, map_location: Any | None = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Return a checkpoint with its tensors on the CPU."""
        del map_location, weights_only
        return load_checkpoint(Path(path))

    def remove_checkpoint(self, path: Any) -> None:
        """Delete a checkpoint."""
        Path(path).unlink(missing_ok=True)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Return a checkpoint (state_dict, optimizer_states, epoch ...) with its tensors on the CPU.

    Raises:
        CheckpointError: the file is missing, or damaged: every checksum in it is compared.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise CheckpointError(f"{path} is damaged: the checksum of {damaged} does not fit.")
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"{path} does not exist.") from None
    except SIGNS_OF_DAMAGE as error:
        raise CheckpointError(f"{path} is damaged: {error}") from None


def _canonical(value: Any) -> Any:
    """Return a copy whose pickle depends on nothing but its contents.

    Pickle writes a second occurrence of the same object as a reference; equal texts must therefore
    be one object, and nothing else may be shared.
    """
    if isinstance(value, torch.Tensor):
        return value.detach().to("cpu", copy=True).contiguous()
    if isinstance(value, dict):
        return {_canonical(key): _canonical(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_canonical(entry) for entry in value]
    if isinstance(value, tuple):
        return tuple([_canonical(entry) for entry in value])
    if isinstance(value, str):
        return sys.intern(str(value))
    return value
