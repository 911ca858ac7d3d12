"""Which structures are in only one of truth and segmentation, and in which of the two?"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np

from innereye.io.image import read_image
from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.manifest import read_volumes
from innereye.names import HAUSDORFF, PATIENT, STRUCTURE, mask_nii
from innereye.reports.model_card_scores import ScoredSplit

# An untrained model misses all structures of all subjects; a card need not read them all to say so.
MOST_MASKS_READ = 200


class Side(StrEnum):
    """Where a structure is that truth and segmentation do not share."""

    TRUTH = "truth"
    SEGMENTATION = "segmentation"
    UNKNOWN = "unknown"


def one_sided(scored: ScoredSplit) -> dict[tuple[str, Side], list[str]]:
    """Return the subjects with an infinite distance, by structure and by where it is.

    The masks that the model wrote tell: an empty one means that the structure is in the truth only.
    Where they are not on this machine, or are more than 200, it is not known.
    """
    metrics = scored.metrics
    pairs = zip(texts_of(metrics, STRUCTURE), texts_of(metrics, PATIENT), strict=True)
    infinite = np.isinf(values_of(metrics, HAUSDORFF))
    found = sorted(pair for pair, is_infinite in zip(pairs, infinite, strict=True) if is_infinite)
    masks = _masks(scored.manifests, {structure for structure, _ in found})
    result: dict[tuple[str, Side], list[str]] = {}
    for pair in found:
        side = _side(masks.get(pair)) if len(found) <= MOST_MASKS_READ else Side.UNKNOWN
        result.setdefault((pair[0], side), []).append(pair[1])
    return result


def _masks(manifests: Sequence[Path], structures: set[str]) -> dict[tuple[str, str], Path]:
    """Return the mask that the model wrote, by structure and subject."""
    return {
        (structure, subject): volume.path
        for structure in sorted(structures)
        for manifest in manifests
        for subject, volume in read_volumes(manifest, mask_nii(structure)).items()
    }


def _side(mask: Path | None) -> Side:
    if mask is None or not mask.is_file():
        return Side.UNKNOWN
    return Side.SEGMENTATION if read_image(mask, np.uint8).array.any() else Side.TRUTH
