"""Is the table of a scalar model fit for training? All its faults at once, looking only at what is new."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.data.cloud_listing import listed_files, listed_states
from innereye.data.identities import MISSING, CheckRecord, FileState, file_states
from innereye.data.scalar.files_by_name import FilesByName, files_below
from innereye.data.scalar.item_image import (
    ImageSizes,
    fitted_image,
    load_segmentation,
    read_finite,
    require_one_shape,
)
from innereye.data.scalar.items import NO_FILES, DroppedItem, Item, parse_items
from innereye.data.scalar.layout import ONLY_ROW, Layout
from innereye.errors import ImageError
from innereye.provenance.files import content_hash

logger = logging.getLogger(__name__)

# Rises when a check is added: items that were clean by older checks are looked at again.
CHECKS_VERSION = "items 1"


@dataclass(frozen=True)
class ItemCheckResult:
    """Each fault with subject, channel and file; the subjects left out; what the next check relies on."""

    faults: list[str]
    dropped: tuple[DroppedItem, ...]
    record: CheckRecord


@dataclass(frozen=True)
class ItemCheckSettings:
    """What the images of items must come to.

    With `one_size` those of all items have one size, without which they form no batch; a model whose
    transforms bring them to one does not need that. `with_segmentation` reads those of HDF5 files.
    """

    sizes: ImageSizes = field(default_factory=ImageSizes)
    one_size: bool = True
    with_segmentation: bool = False


@dataclass(frozen=True)
class _Seen:
    """What the files of an item showed: mistakes, content by path, and the shape (C, Z, Y, X)."""

    faults: tuple[str, ...]
    hashes: Mapping[str, str]
    shape: str = ""


def check_items(
    frame: pd.DataFrame,
    layout: Layout,
    *,
    root: Path,
    settings: ItemCheckSettings,
    previous: CheckRecord | None,
    workers: int,
) -> ItemCheckResult:
    """Return all faults of the rows and files that a scalar model uses: of rows, files, and sizes.

    `root` is the folder of the paths. A subject that was clean in the `previous` check, with the same
    files and settings, is not opened. A subject that lacks something is dropped, and no fault.
    """
    files = files_below(root) if layout.finds_files_by_name else NO_FILES
    table = parse_items(frame, layout, files=files)
    previous = previous or CheckRecord()
    states = file_states(
        (path for item in table.items for path in item.images.values()), previous, root=root
    )
    items = [item for item in table.items if item.images]
    prints = {item.subject: _fingerprint(item, states, settings) for item in items}
    fresh = [i for i in items if _print_of(previous, i.subject) != prints[i.subject]]
    logger.info("Looking into the files of %d of %d subjects.", len(fresh), len(items))
    seen = _look(fresh, root, settings, workers)
    states = _with_hashes(states, list(seen.values()))
    shapes = {item.subject: _shape_of(previous, item.subject) for item in items}
    shapes |= {subject: found.shape for subject, found in seen.items()}
    faults = [*table.faults, *(fault for found in seen.values() for fault in found.faults)]
    faults += size_faults(shapes) if settings.one_size else []
    subjects = {subject: f"{prints[subject]} {shape}" for subject, shape in shapes.items() if shape}
    return ItemCheckResult(
        faults, table.dropped, CheckRecord({**previous.files, **states}, subjects)
    )


def listed_item_faults(
    frame: pd.DataFrame, layout: Layout, folder: Path
) -> tuple[list[str], tuple[DroppedItem, ...]]:
    """Return the faults of items whose files lie in the cloud, as far as the list in `folder` tells.

    Beside them the subjects that are dropped.
    """
    names = FilesByName(listed_files(folder)) if layout.finds_files_by_name else NO_FILES
    table = parse_items(frame, layout, files=names)
    states = listed_states((path for item in table.items for path in item.images.values()), folder)
    faults = list(table.faults)
    for item in table.items:
        for channel, path in item.images.items():
            if path not in states:
                faults.append(f"{_where(item, channel)}: does not exist")
            elif not states[path].size:
                faults.append(f"{_where(item, channel)}: is empty: it has no bytes")
    return faults, table.dropped


def size_faults(shapes: Mapping[str, str]) -> list[str]:
    """Return the subjects whose images have another size than those of most subjects.

    Where no size is that of most, one sentence says so.
    """
    known = {subject: shape for subject, shape in shapes.items() if shape}
    sizes = Counter(known.values()).most_common()
    if len(sizes) < 2:
        return []
    hint = "give image_size, or center_crop_size with pad_small_images, so that all have one"
    (usual, count), (other, _) = sizes[:2]
    if 2 * count <= len(known):
        return [f"images have {len(sizes)} sizes (C, Z, Y, X), such as {usual} and {other}; {hint}"]
    return [
        f"subject {subject}: the image (C, Z, Y, X) is {shape}, that of most subjects {usual}; {hint}"
        for subject, shape in known.items()
        if shape != usual
    ]


def _look(
    items: Sequence[Item], root: Path, settings: ItemCheckSettings, workers: int
) -> dict[str, _Seen]:
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        found = pool.map(lambda item: _look_into(item, root, settings), items)
        return {item.subject: seen for item, seen in zip(items, found, strict=True)}


def _look_into(item: Item, root: Path, settings: ItemCheckSettings) -> _Seen:
    """Read each file of an item; what cannot be read is told, and the others are read all the same."""
    faults: list[str] = []
    hashes: dict[str, str] = {}
    images: dict[str, np.ndarray] = {}
    for channel, path in item.images.items():
        file = root / path
        try:
            voxels = read_finite(file)
            hashes[path] = content_hash(file)
            images[channel] = fitted_image(voxels, file, settings.sizes)
            if settings.with_segmentation:
                load_segmentation({channel: path}, root, settings.sizes)
        except ImageError as error:
            faults.append(f"{_where(item, channel)}: {_without_path(str(error), file)}")
    try:
        require_one_shape(images)
    except ImageError as error:
        faults.append(f"subject {item.subject}: {error}")
    if faults:
        return _Seen(tuple(faults), hashes)
    shape = (len(images), *next(iter(images.values())).shape)
    return _Seen((), hashes, "x".join(map(str, shape)))


def _fingerprint(item: Item, states: Mapping[str, FileState], settings: ItemCheckSettings) -> str:
    """Return a hash of all that the outcome of looking into an item's files depends on."""
    files = [
        (channel, path, states[path].identity if path in states else MISSING)
        for channel, path in sorted(item.images.items())
    ]
    text = json.dumps([CHECKS_VERSION, astuple(settings.sizes), settings.with_segmentation, files])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _print_of(record: CheckRecord, subject: str) -> str:
    return record.subjects.get(subject, "").partition(" ")[0]


def _shape_of(record: CheckRecord, subject: str) -> str:
    return record.subjects.get(subject, "").partition(" ")[2]


def _with_hashes(states: dict[str, FileState], seen: Sequence[_Seen]) -> dict[str, FileState]:
    read = {path: sha256 for found in seen for path, sha256 in found.hashes.items()}
    return {
        path: replace(state, sha256=read.get(path, state.sha256)) for path, state in states.items()
    }


def _where(item: Item, channel: str) -> str:
    """Return which image of a subject is meant, as its line begins."""
    row = f", channel '{channel}'" if channel != ONLY_ROW else ""
    return f"subject {item.subject}{row}, {item.images[channel]}"


def _without_path(sentence: str, path: Path) -> str:
    """Return the sentence about a file without the file's name, which the line has already."""
    return sentence.removeprefix(f"{path} ").removeprefix(f"{path}: ").rstrip(".")
