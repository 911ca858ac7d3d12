"""Which checkpoints does a model have that was not trained in this run?"""

import json
import logging
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from innereye.errors import CheckpointError, InnerEyeError, list_faults
from innereye.inference.found_checkpoints import CHECKPOINT_PATHS, checkpoints_of
from innereye.io.archives import unpack
from innereye.io.files import atomic_write
from innereye.io.links import link_or_copy
from innereye.names import MODEL_INFERENCE_CONFIG_JSON

logger = logging.getLogger(__name__)

TAR_ENDS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
# torch.save writes a zip, too, with this file in its one folder.
_PICKLE_OF_TORCH = re.compile(r"[^/]+/data\.pkl")


def install_model(sources: Sequence[Path], folder: Path, load: Callable[[Path], object]) -> None:
    """Put checkpoints into a folder, once all are known to hold the model's network.

    `load` loads the network of a checkpoint, and raises InnerEyeError where it does not fit the model.
    A source is a checkpoint, a folder as `checkpoints_of` takes it, or an archive of one.

    Raises:
        InnerEyeError: all sources that cannot be used; the folder does not appear then.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="model_", dir=folder.parent) as scratch:
        checkpoints, faults = [], []
        for number, source in enumerate(sources):
            try:
                found = checkpoints_of(opened(source, Path(scratch) / str(number)))
                for checkpoint in found:
                    load(checkpoint)
                checkpoints += found
            except InnerEyeError as error:
                faults.append(str(error).replace(f"{scratch}/{number}", str(source)))
        if faults:
            title = "The model cannot be evaluated:"
            raise CheckpointError(faults[0] if len(faults) == 1 else list_faults(title, faults))
        places = [f"{index}/{path.name}" for index, path in enumerate(checkpoints)]
        with atomic_write(folder) as temporary:
            for checkpoint, place in zip(checkpoints, places, strict=True):
                link_or_copy(checkpoint, temporary / place)
            description = json.dumps({CHECKPOINT_PATHS: places}) + "\n"
            (temporary / MODEL_INFERENCE_CONFIG_JSON).write_text(description, encoding="utf-8")
    logger.info("The model has %d checkpoints.", len(checkpoints))


def opened(source: Path, folder: Path) -> Path:
    """Return a source, or the folder into which it is unpacked where it is an archive.

    Raises:
        InnerEyeError: the archive is damaged, or would write outside the folder.
    """
    if not is_archive(source):
        return source
    unpack(source, folder)
    return folder


def is_archive(source: Path) -> bool:
    """Is this a zip or tar file of several files, and no checkpoint?"""
    if source.is_dir() or not source.is_file():
        return False
    if source.name.lower().endswith(TAR_ENDS):
        return True
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        return not any(map(_PICKLE_OF_TORCH.fullmatch, archive.namelist()))
