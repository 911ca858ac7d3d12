"""How does a crop of a large image become cheap? Images are normalised once and laid out to be sliced."""

import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from innereye.data.crops import ClassVoxels, find_candidates, pad_sample
from innereye.data.dataset import Subject
from innereye.data.normalisation import Normalisation
from innereye.data.sample import Sample, load_sample
from innereye.data.spacing import Spacing
from innereye.errors import DatasetError, ImageError, list_faults
from innereye.io.files import atomic_write
from innereye.names import PaddingMode

logger = logging.getLogger(__name__)

BYTES_PER_GB = 1e9


@dataclass(frozen=True)
class StoredSubject:
    """A subject in the store, and where its arrays lie. Arrays are read from disk where touched.

    `class_counts`: voxels on which a crop may be centred, per class, background first.
    `has_structure`: which structures have labels; those of the others are 0. Where it is empty, all.
    """

    subject: str
    size_zyx: tuple[int, int, int]
    spacing_zyx_mm: tuple[float, float, float]
    has_mask: bool
    class_counts: tuple[int, ...]
    stem: Path
    has_structure: tuple[bool, ...] = ()

    def image(self) -> np.ndarray:
        """Return float32 (C, Z, Y, X)."""
        return self._open("image")

    def labels(self) -> np.ndarray:
        """Return uint8 (S, Z, Y, X) of 0 and 1."""
        return self._open("labels")

    def mask(self) -> np.ndarray | None:
        """Return uint8 (Z, Y, X), or None where every voxel is valid."""
        return self._open("mask") if self.has_mask else None

    def class_voxels(self, index: int) -> ClassVoxels:
        """Return the voxels of a class, background first, on which a crop may be centred."""
        count = self.class_counts[index]
        if not self._file(f"class{index}_bits").is_file():
            return ClassVoxels(count, self.size_zyx, self._open(f"class{index}_indices"))
        bits = self._open(f"class{index}_bits")
        counts_up_to = self._open(f"class{index}_counts")
        return ClassVoxels(count, self.size_zyx, np.empty(0, np.int32), bits, counts_up_to)

    def write(self, name: str, array: np.ndarray) -> None:
        """Add an array."""
        np.save(self._file(name), array)

    def _open(self, name: str) -> np.ndarray:
        return np.load(self._file(name), mmap_mode="r")

    def _file(self, name: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}_{name}.npy")


@dataclass(frozen=True)
class Preparation:
    """What happens to a full image before crops are cut: resampled, normalised, filled up."""

    normalisation: Normalisation
    crop_size: tuple[int, int, int]
    padding_mode: PaddingMode
    resample_spacing_zyx_mm: Spacing | None = None


def fill_store(
    folder: Path, subjects: Sequence[Subject], *, preparation: Preparation, num_workers: int
) -> list[StoredSubject]:
    """Return the subjects in the given order, each loaded and prepared unless it was before.

    `folder` belongs to these subjects and this preparation alone.

    Raises:
        DatasetError: all subjects that cannot be used.
    """
    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    stems = [folder / f"{number:05d}" for number in range(len(subjects))]
    # Threads: unpacking and arithmetic on large arrays run side by side in them.
    with ThreadPoolExecutor(max(1, num_workers)) as pool:
        results = list(
            pool.map(lambda stem, subject: _stored(stem, subject, preparation), stems, subjects)
        )
    faults = [result for result in results if isinstance(result, str)]
    if faults:
        raise DatasetError(list_faults("The data set cannot be trained on:", faults))
    if not subjects:
        return []
    size_gb = sum(path.stat().st_size for path in folder.iterdir()) / BYTES_PER_GB
    seconds = time.perf_counter() - start
    logger.info("Prepared %d subjects (%.2f GB) in %.0f s.", len(subjects), size_gb, seconds)
    return [result for result in results if isinstance(result, StoredSubject)]


def _stored(stem: Path, subject: Subject, preparation: Preparation) -> StoredSubject | str:
    """Return a subject from the store, put there if need be; or what is wrong with it."""
    description = stem.with_suffix(".json")
    if description.is_file():
        return _described(stem, json.loads(description.read_text(encoding="utf-8")))
    try:
        sample = load_sample(
            subject,
            preparation.normalisation,
            with_labels=True,
            resample_spacing_zyx_mm=preparation.resample_spacing_zyx_mm,
        )
        sample = pad_sample(sample, preparation.crop_size, preparation.padding_mode)
        stored = _put(stem, with_all_structures(sample, subject), subject)
    except ImageError as error:
        return str(error)
    # The description comes last: a subject that has one is complete.
    with atomic_write(description) as temporary:
        temporary.write_text(json.dumps(asdict(stored), default=str), encoding="utf-8")
    return stored


def with_all_structures(sample: Sample, subject: Subject) -> Sample:
    """Return the sample with labels of 0 for the structures that the subject lacks."""
    if sample.labels is None or all(subject.has_structure):
        return sample
    labels = np.zeros((len(subject.structures), *sample.labels.shape[1:]), sample.labels.dtype)
    labels[np.flatnonzero(subject.has_structure)] = sample.labels
    return replace(sample, labels=labels)


def _put(stem: Path, sample: Sample, subject: Subject) -> StoredSubject:
    if sample.labels is None:
        raise ValueError(f"Subject {sample.subject} was loaded without labels.")
    try:
        candidates = find_candidates(sample.labels, sample.mask)
    except ImageError as error:
        raise ImageError(f"Subject {sample.subject}: {error}") from None
    stored = StoredSubject(
        subject=sample.subject,
        size_zyx=sample.geometry.size_zyx,
        spacing_zyx_mm=sample.geometry.spacing_zyx_mm,
        has_mask=sample.mask is not None,
        class_counts=tuple(voxels.count for voxels in candidates),
        stem=stem,
        has_structure=() if all(subject.has_structure) else subject.has_structure,
    )
    arrays = {"image": sample.image, "labels": sample.labels, "mask": sample.mask}
    for index, voxels in enumerate(candidates):
        arrays[f"class{index}_indices"] = voxels.indices
        arrays[f"class{index}_bits"] = voxels.bits
        arrays[f"class{index}_counts"] = voxels.counts_up_to
    for name, array in arrays.items():
        if array is not None and array.size:
            stored.write(name, array)
    return stored


def _described(stem: Path, description: dict[str, Any]) -> StoredSubject:
    fields = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in description.items()
    }
    # The run folder may have been moved since; the arrays lie beside their description.
    return StoredSubject(**{**fields, "stem": stem})
