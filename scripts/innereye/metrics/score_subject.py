"""How well is one subject segmented? All measures of each of its structures."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from innereye.metrics.boxes import Mask, union_box
from innereye.metrics.overlap import dice
from innereye.metrics.structure_score import StructureScore
from innereye.metrics.surface import NEITHER, surface_scores


def score_structure(
    prediction: Mask,
    truth: Mask | None,
    *,
    subject: str,
    structure: str,
    spacing_zyx_mm: tuple[float, float, float],
    tolerance_mm: float,
) -> StructureScore:
    """Measure a predicted mask against the true one, both (Z, Y, X) of the whole image.

    Both empty, or no ground truth (None): all NaN. One empty: both kinds of Dice 0, distances inf.
    """
    overlap, surface = math.nan, NEITHER
    if truth is not None:
        if prediction.shape != truth.shape:
            raise ValueError(
                f"prediction {prediction.shape} and truth {truth.shape} differ in shape"
            )
        if (box := union_box(prediction, truth)) is not None:
            prediction, truth = prediction[box], truth[box]
            overlap = dice(prediction, truth)
            surface = surface_scores(
                prediction, truth, spacing_zyx_mm=spacing_zyx_mm, tolerance_mm=tolerance_mm
            )
    return StructureScore(
        subject=subject,
        structure=structure,
        dice=overlap,
        hausdorff_mm=surface.hausdorff_mm,
        mean_distance_mm=surface.mean_distance_mm,
        hausdorff_95_mm=surface.hausdorff_95_mm,
        surface_dice=surface.surface_dice,
    )


def score_subject(
    segmentation: np.ndarray,
    labels: Mapping[str, np.ndarray | None],
    *,
    subject: str,
    structures: Sequence[str],
    spacing_zyx_mm: tuple[float, float, float],
    tolerance_mm: float,
) -> list[StructureScore]:
    """Measure every structure of a segmentation, in the order of `structures`.

    `segmentation`: whole numbers (Z, Y, X), 0 is the background, k the k-th structure counted from
    1. `labels`: the true mask of each structure, 0 and 1; a structure without one scores NaN.
    """
    rows: list[StructureScore] = []
    for label, structure in enumerate(structures, start=1):
        truth = labels.get(structure)
        rows.append(
            score_structure(
                segmentation == label,
                None if truth is None else truth != 0,
                subject=subject,
                structure=structure,
                spacing_zyx_mm=spacing_zyx_mm,
                tolerance_mm=tolerance_mm,
            )
        )
    return rows
