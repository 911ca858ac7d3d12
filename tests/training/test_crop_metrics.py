import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from innereye.training.crop_metrics import CropMetrics, crop_dice, likeliest_class
from innereye.training.epoch_metrics import EpochMetrics

CPU = torch.device("cpu")


def logits_of(classes: np.ndarray, num_structures: int) -> torch.Tensor:
    """Return logits (B, K, Z, Y, X) whose largest is that of the given class (B, Z, Y, X)."""
    return torch.from_numpy(np.moveaxis(np.eye(num_structures + 1)[classes], -1, 1).copy()).float()


def labels_of(classes: np.ndarray, num_structures: int) -> torch.Tensor:
    structures = [classes == index for index in range(1, num_structures + 1)]
    return torch.from_numpy(np.stack(structures, axis=1).astype(np.uint8))


def metrics(predicted: list, truth: list, loss: float = 0.5, **options) -> EpochMetrics:
    shape = (len(predicted), 1, 1, -1)
    total = CropMetrics(2, CPU)
    for p, t in zip(np.reshape(predicted, shape), np.reshape(truth, shape), strict=True):
        total.add(torch.tensor(loss), logits_of(p[None], 2), labels_of(t[None], 2), **options)
    return total.result()


def test_dice_by_hand():
    result = metrics([[1, 1, 0, 2]], [[1, 0, 0, 2]])
    assert result.dice == pytest.approx((2 / 3, 1.0))
    assert result.average_dice == pytest.approx(5 / 6)
    assert result.voxel_counts == (1.0, 1.0)
    assert (result.subject_count, result.loss) == (1, 0.5)


def test_a_structure_absent_from_both_counts_in_no_mean():
    result = metrics([[1, 1, 0, 0], [1, 1, 0, 2]], [[1, 1, 0, 0], [0, 0, 1, 2]])
    assert result.dice == pytest.approx((0.5, 1.0))
    assert result.average_dice == pytest.approx((1.0 + 0.5) / 2)


def test_without_any_structure_dice_is_missing():
    result = metrics([[0, 0]], [[0, 0]])
    assert all(map(math.isnan, (result.average_dice, *result.dice)))


def test_a_structure_missed_gives_0():
    assert metrics([[0, 0]], [[1, 0]]).dice[0] == 0.0


def test_a_prediction_outside_the_mask_is_background():
    mask = torch.tensor([1, 1, 1, 0], dtype=torch.uint8).view(1, 1, 1, 4)
    assert metrics([[1, 0, 0, 1]], [[1, 0, 0, 0]], mask=mask).dice[0] == 1.0


def test_the_loss_is_a_mean_over_crops_not_batches():
    total = CropMetrics(1, CPU)
    for crops, loss in ((3, 1.0), (1, 5.0)):
        nothing = np.zeros((crops, 1, 1, 2), int)
        total.add(torch.tensor(loss), logits_of(nothing, 1), labels_of(nothing, 1))
    assert total.result().loss == 2.0


VOLUMES = hnp.arrays(np.int64, (3, 2, 2, 3), elements=st.integers(0, 2))


@given(predicted=VOLUMES, truth=VOLUMES)
def test_dice_agrees_with_sets_and_is_symmetric(predicted, truth):
    classes = torch.arange(1, 3).view(1, 2, 1, 1, 1)
    dice = crop_dice(logits_of(predicted, 2), labels_of(truth, 2), classes=classes).numpy()
    other = crop_dice(logits_of(truth, 2), labels_of(predicted, 2), classes=classes).numpy()
    np.testing.assert_array_equal(dice, other)
    for crop, structure in np.ndindex(3, 2):
        a = set(np.flatnonzero(predicted[crop] == structure + 1))
        b = set(np.flatnonzero(truth[crop] == structure + 1))
        expected = 2 * len(a & b) / (len(a) + len(b)) if a or b else math.nan
        np.testing.assert_allclose(dice[crop, structure], expected, rtol=1e-6)


@given(hnp.arrays(np.float32, (2, 4, 1, 2, 3), elements=st.integers(-2, 2)))
def test_the_likeliest_class_is_the_first_of_the_largest(logits):
    found = likeliest_class(torch.from_numpy(logits)).numpy()
    np.testing.assert_array_equal(found, logits.argmax(axis=1))


def test_a_mean_voxel_count_is_over_the_crops_that_have_labels():
    sums = CropMetrics(2, torch.device("cpu"))
    labels = torch.zeros(2, 2, 2, 2, 2)
    labels[1, 1] = 1
    has_structure = torch.tensor([[True, False], [True, True]])
    logits = torch.zeros(2, 3, 2, 2, 2)
    sums.add(torch.tensor(1.0), logits, labels, has_structure=has_structure)
    assert sums.result().voxel_counts == (0.0, 8.0)
