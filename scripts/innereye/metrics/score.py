"""How well are the subjects of a split segmented? From stored volumes to tables of scores."""

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from innereye.errors import ConfigError, ImageError, list_faults
from innereye.io.image import Geometry, read_image
from innereye.metrics.boxes import Mask
from innereye.metrics.manifest import checked_volumes
from innereye.metrics.metrics_csv import metrics_frame, surface_metrics_frame
from innereye.metrics.score_subject import score_structure
from innereye.metrics.structure_score import StructureScore
from innereye.metrics.truth import read_true_masks
from innereye.names import SEGMENTATION_NII

logger = logging.getLogger(__name__)


class ScoreSettings(Protocol):
    """What the scores need to know of a model."""

    @property
    def local_dataset(self) -> Path | None:
        """Folder of the data set."""
        ...

    @property
    def ground_truth_ids(self) -> Sequence[str]:
        """Structures, in the order of their labels 1, 2, ..."""
        ...

    @property
    def allow_incomplete_labels(self) -> bool:
        """May subjects lack structures? Their scores are missing then."""
        ...

    @property
    def extra_local_dataset_paths(self) -> Sequence[Path]:
        """Folders of extra data sets."""
        ...

    @property
    def surface_dice_tolerance_mm(self) -> float:
        """Tolerance of the normalised surface Dice."""
        ...


@dataclass(frozen=True)
class _Task:
    """Some structures of one subject, for one process."""

    subject: str
    segmentation: Path
    truth: dict[str, Path]
    labels: dict[str, int]
    num_structures: int
    tolerance_mm: float


@dataclass(frozen=True)
class _Outcome:
    rows: list[StructureScore]
    faults: list[str]


def score(
    *,
    segmentations_csv: Path,
    split_csv: Path,
    settings: ScoreSettings,
    num_processes: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score the stored segmentations of all subjects of a split.

    Returns the table of `metrics.csv` and that of `surface_metrics.csv`; the number of processes
    does not change them. Processes are spawned: a calling script needs its `__main__` guard.

    Raises:
        ConfigError: the folder of the data set is not known.
        DatasetError: mask rows or mask files are missing.
        ImageError: volumes are missing, changed, or do not fit together.
    """
    if settings.local_dataset is None:
        raise ConfigError("local_dataset is not set; scoring needs the folder of the masks.")
    masks = read_true_masks(
        split_csv,
        root=Path(settings.local_dataset),
        structures=settings.ground_truth_ids,
        masks_required=not settings.allow_incomplete_labels,
        extra_folders=settings.extra_local_dataset_paths,
    )
    volumes = checked_volumes(segmentations_csv, SEGMENTATION_NII, subjects=list(masks))
    files = {subject: volume.path for subject, volume in volumes.items()}
    tasks = _tasks(files, masks, settings=settings, num_processes=num_processes)
    outcomes = _run(tasks, num_processes)
    if faults := [fault for outcome in outcomes for fault in outcome.faults]:
        title = f"The volumes of {segmentations_csv.parent} cannot be scored:"
        raise ImageError(list_faults(title, list(dict.fromkeys(faults))))
    rows = [row for outcome in outcomes for row in outcome.rows]
    logger.info("Scored %d structures of %d subjects.", len(rows), len(masks))
    return metrics_frame(rows), surface_metrics_frame(rows)


def _tasks(
    segmentations: dict[str, Path],
    masks: dict[str, dict[str, Path]],
    *,
    settings: ScoreSettings,
    num_processes: int,
) -> list[_Task]:
    """Divide the work by subjects; in splits smaller than the pool by structures, too.

    A task reads the segmentation of its subject once.
    """
    structures = list(settings.ground_truth_ids)
    parts = min(max(1, num_processes // max(1, len(masks))), max(1, len(structures)))
    return [
        _Task(
            subject=subject,
            segmentation=segmentations[subject],
            truth=truth,
            labels={name: structures.index(name) + 1 for name in structures[part::parts]},
            num_structures=len(structures),
            tolerance_mm=settings.surface_dice_tolerance_mm,
        )
        for subject, truth in masks.items()
        for part in range(parts)
    ]


def _run(tasks: list[_Task], num_processes: int) -> list[_Outcome]:
    workers = min(num_processes, len(tasks))
    if workers <= 1:
        return [_score_task(task) for task in tasks]
    # Forking a process that has threads can hang; spawning works everywhere.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_score_task, tasks))


def _score_task(task: _Task) -> _Outcome:
    rows: list[StructureScore] = []
    faults: list[str] = []
    try:
        segmentation = read_image(task.segmentation, None)
        _require_known_labels(segmentation.array, task)
    except ImageError as error:
        return _Outcome(rows, [f"subject {task.subject}: {error}"])
    for structure, label in task.labels.items():
        try:
            truth = _read_truth(task, structure, segmentation.geometry)
        except ImageError as error:
            faults.append(f"subject {task.subject}, '{structure}': {error}")
            continue
        rows.append(
            score_structure(
                segmentation.array == label,
                truth,
                subject=task.subject,
                structure=structure,
                spacing_zyx_mm=segmentation.geometry.spacing_zyx_mm,
                tolerance_mm=task.tolerance_mm,
            )
        )
    return _Outcome(rows, faults)


def _require_known_labels(segmentation: np.ndarray, task: _Task) -> None:
    highest = int(segmentation.max())
    if highest > task.num_structures:
        raise ImageError(
            f"{task.segmentation} holds the label {highest}; the model has "
            f"{task.num_structures} structures."
        )


def _read_truth(task: _Task, structure: str, geometry: Geometry) -> Mask | None:
    """Return the true mask of a structure; None where the subject has none."""
    path = task.truth.get(structure)
    return None if path is None else _read_mask(path, geometry)


def _read_mask(path: Path, geometry: Geometry) -> Mask:
    image = read_image(path, None)
    if differences := geometry.differences(image.geometry):
        raise ImageError(f"segmentation and {path} differ: {'; '.join(differences)}")
    mask = image.array == 1
    if np.count_nonzero(mask) != np.count_nonzero(image.array):
        raise ImageError(f"{path} is not binary; masks hold 0 and 1")
    return mask
