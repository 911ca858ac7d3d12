"""One subject: labels to structures, missing truth, shapes."""

import math

import numpy as np
import pytest

from innereye.metrics.score_subject import score_structure, score_subject

SEGMENTATION = np.array([[[0, 1, 1, 2, 2, 2]]], np.uint8)
STRUCTURES = ("liver", "spleen")


def scores(labels, segmentation=SEGMENTATION):
    return score_subject(
        segmentation,
        labels,
        subject="7",
        structures=STRUCTURES,
        spacing_zyx_mm=(3.0, 1.0, 2.0),
        tolerance_mm=1.0,
    )


def test_labels_count_from_one_in_the_order_of_the_structures():
    labels = {
        "spleen": np.array([[[0, 0, 0, 1, 1, 0]]]),
        "liver": np.array([[[0, 1, 1, 0, 0, 0]]]),
    }
    liver, spleen = scores(labels)
    assert (liver.subject, liver.structure, liver.dice) == ("7", "liver", 1.0)
    assert (spleen.structure, spleen.dice, spleen.hausdorff_mm) == ("spleen", 0.8, 2.0)


@pytest.mark.parametrize("labels", [{"spleen": SEGMENTATION == 2}, {"liver": None}])
def test_a_structure_without_truth_scores_nothing(labels):
    liver = scores(labels)[0]
    values = (liver.dice, liver.hausdorff_mm, liver.mean_distance_mm, liver.surface_dice)
    assert np.isnan(values).all()


def test_a_missed_structure_scores_worst():
    liver = scores({"liver": np.ones((1, 1, 6))}, np.zeros((1, 1, 6), np.uint8))[0]
    assert (liver.dice, liver.surface_dice) == (0, 0)
    assert (liver.hausdorff_mm, liver.mean_distance_mm, liver.hausdorff_95_mm) == (math.inf,) * 3


def test_masks_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        score_structure(
            np.ones((1, 2, 3), bool),
            np.ones((1, 2, 2), bool),
            subject="1",
            structure="s",
            spacing_zyx_mm=(1.0, 1.0, 1.0),
            tolerance_mm=1.0,
        )
