"""What is mended in a segmentation, in which order?"""

import numpy as np

from innereye.configs.stages.segment import SegmentSettings
from innereye.inference.postprocessing.components import keep_largest_components
from innereye.inference.postprocessing.holes import fill_holes
from innereye.inference.postprocessing.slice_exclusion import exclude_slices


def summed_probability_rules(settings: SegmentSettings) -> list[tuple[int, int, int]]:
    """Return the numbers of the classes of each rule: first, second, external."""
    if settings.disable_extra_postprocessing:
        return []
    number = class_numbers(settings)
    return [
        (number[rule.first_class], number[rule.second_class], number[rule.external_class])
        for rule in settings.summed_probability_rules
    ]


def mend_segmentation(segmentation: np.ndarray, settings: SegmentSettings) -> None:
    """Change a segmentation, uint8 (Z, Y, X): largest components, slice exclusion, holes.

    Smoothing and summed probabilities, which need posteriors, come before.
    """
    number = class_numbers(settings)
    for part in settings.largest_connected_component_foreground_classes or []:
        keep_largest_components(segmentation, number[part.structure], part.threshold)
    if not settings.disable_extra_postprocessing:
        for rule in settings.slice_exclusion_rules:
            exclude_slices(
                segmentation,
                higher=number[rule.higher_class],
                lower=number[rule.lower_class],
                higher_dominates=rule.higher_dominates,
            )
    wanted = settings.fill_holes or [False] * len(settings.ground_truth_ids)
    structures = zip(settings.ground_truth_ids, wanted, strict=True)
    fill_holes(
        segmentation, [number[structure] for structure, is_wanted in structures if is_wanted]
    )


def class_numbers(settings: SegmentSettings) -> dict[str, int]:
    """Return the class of each structure; the first has 1."""
    return {name: index for index, name in enumerate(settings.ground_truth_ids, start=1)}
