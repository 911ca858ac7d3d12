"""How are the images of items read but once? They are sized, normalised, and laid out as arrays."""

import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from innereye.data.scalar.check import size_faults
from innereye.data.scalar.item_files import ItemFiles
from innereye.data.scalar.items import Item
from innereye.errors import DatasetError, ImageError, list_faults
from innereye.io.files import atomic_write

logger = logging.getLogger(__name__)

BYTES_PER_GB = 1e9


@dataclass(frozen=True)
class StoredItem:
    """An item, its label and features, and where its arrays lie; `stem` is None without images.

    `label` is float32 (T,), `features` float32 (F,): scaled numbers, then categories.
    """

    subject: str
    label: np.ndarray
    features: np.ndarray
    stem: Path | None
    has_segmentation: bool = False

    def images(self) -> np.ndarray | None:
        """Return float32 (C, Z, Y, X), or None."""
        return None if self.stem is None else np.load(_file(self.stem, "images"), mmap_mode="r")

    def segmentations(self) -> np.ndarray | None:
        """Return whole numbers (C, Z, Y, X), or None."""
        if self.stem is None or not self.has_segmentation:
            return None
        return np.load(_file(self.stem, "segmentations"), mmap_mode="r")


def fill_item_store(
    folder: Path,
    items: Sequence[Item],
    files: ItemFiles,
    *,
    num_workers: int,
    one_size: bool,
) -> list[StoredItem]:
    """Return the items in the given order, the images of each read unless they were before.

    `folder` belongs to these items and this way of reading alone. The numbers of items are scaled
    already. With `one_size` all images must have one.

    Raises:
        DatasetError: all items that cannot be used.
    """
    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    stems = [folder / f"{number:05d}" for number in range(len(items))]
    with ThreadPoolExecutor(max(1, num_workers)) as pool:
        found = list(pool.map(lambda stem, item: _stored(stem, item, files), stems, items))
    faults = [each for each in found if isinstance(each, str)]
    shapes = {i.subject: _shape(s) for i, s in zip(items, stems, strict=True) if i.images}
    if not faults and one_size:
        faults = size_faults(shapes)
    if faults:
        raise DatasetError(list_faults("The data set cannot be trained on:", faults))
    size_gb = sum(path.stat().st_size for path in folder.iterdir()) / BYTES_PER_GB
    seconds = time.perf_counter() - start
    if items:
        logger.info("Prepared %d items (%.2f GB) in %.0f s.", len(items), size_gb, seconds)
    return [each for each in found if isinstance(each, StoredItem)]


def features_of(item: Item) -> np.ndarray:
    """Return what joins the images, float32 (F,), in the order of `input_names`."""
    return np.concatenate([item.numerical, item.categorical]).astype(np.float32)


def _stored(stem: Path, item: Item, files: ItemFiles) -> StoredItem | str:
    """Return an item whose arrays are in the store, or what is wrong with it."""
    stored = StoredItem(
        subject=item.subject,
        label=item.label,
        features=features_of(item),
        stem=stem if item.images else None,
        has_segmentation=files.with_segmentation and bool(item.images),
    )
    if not item.images or _file(stem, "shape", ".json").is_file():
        return stored
    try:
        images, segmentations = files.images(item), files.segmentations(item)
    except ImageError as error:
        return str(error)
    if segmentations is not None:
        np.save(_file(stem, "segmentations"), segmentations)
    if images is not None:
        np.save(_file(stem, "images"), images)
        # The shape comes last: an item that has one is complete.
        with atomic_write(_file(stem, "shape", ".json")) as temporary:
            temporary.write_text(json.dumps(images.shape), encoding="utf-8")
    return stored


def _shape(stem: Path) -> str:
    path = _file(stem, "shape", ".json")
    if not path.is_file():
        return ""
    return "x".join(map(str, json.loads(path.read_text(encoding="utf-8"))))


def _file(stem: Path, name: str, suffix: str = ".npy") -> Path:
    return stem.with_name(f"{stem.name}_{name}{suffix}")
