"""What does a network say of a subject? Bytes for each voxel, collected part by part."""

from collections.abc import Sequence

import numpy as np

from innereye.errors import CheckpointError
from innereye.inference.part import Part
from innereye.inference.postprocessing.summed_probability import apply_summed_probability
from innereye.inference.scratch import Scratch, forget_pages
from innereye.inference.segmentation import (
    count_bad_voxels,
    segment_posteriors,
    to_bytes,
    uncertainty,
)


class Prediction:
    """Segmentation, uint8 (Z, Y, X); posteriors (K, Z, Y, X) and uncertainty, times 255, as bytes."""

    def __init__(
        self,
        size_zyx: Sequence[int],
        num_classes: int,
        scratch: Scratch,
        *,
        rules: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        """`rules` are those of `apply_summed_probability`, which needs posteriors of full precision."""
        # One array, so that all lie in memory, or all in one file.
        planes = scratch.zeros((num_classes + 2, *size_zyx), np.uint8)
        self.posteriors, self.segmentation, self.uncertainty = planes[:-2], planes[-2], planes[-1]
        self._rules = rules
        self._total_uncertainty = 0.0
        self._bad_voxels = 0
        self._row: tuple[int, int] | None = None

    def add(self, part: Part) -> None:
        """Take in what the network says of a part of the image."""
        bad = count_bad_voxels(part.posteriors)
        self._bad_voxels += bad
        if bad:
            return
        segmentation = segment_posteriors(part.posteriors if part.scores is None else part.scores)
        apply_summed_probability(segmentation, part.posteriors, self._rules)
        entropy = uncertainty(part.posteriors)
        self._total_uncertainty += float(entropy.sum(dtype=np.float64))
        self.segmentation[part.target] = segmentation
        self.uncertainty[part.target] = to_bytes(entropy)
        for plane, posterior in zip(self.posteriors, part.posteriors, strict=True):
            plane[part.target] = to_bytes(posterior)
        if (row := (part.target[0].start, part.target[1].start)) != self._row:
            # The next row of parts lies on other pages of the file.
            forget_pages(self.posteriors)
            self._row = row

    def mean_uncertainty(self) -> float:
        """Return the mean uncertainty of all voxels, in [0, 1]."""
        return self._total_uncertainty / self.uncertainty.size

    def check(self, subject: str) -> None:
        """Check that all posteriors were numbers in [0, 1] that sum to 1 over the classes.

        Raises:
            CheckpointError: they were not; the sentence counts the voxels.
        """
        if self._bad_voxels:
            raise CheckpointError(
                f"Subject {subject}: the posteriors of {self._bad_voxels} of "
                f"{self.uncertainty.size} voxels are not numbers in [0, 1] that sum to 1. The "
                "network's numbers overflow on this image; check norm_method, or train with a lower "
                "l_rate."
            )
