"""Are confusion, calibration, combinations and classes those of the rows?"""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix
from tests.scalar_runs import cells_of, classification, scalar_run, store_results

from innereye.metrics.scalar.cross_entropy import logits_of
from innereye.metrics.scalar.result_tables import ScalarOutputs
from innereye.names import Split
from innereye.reports import scalar_class_sections

TARGETS = ("a", "b", "c")
VAL = classification(50, targets=TARGETS, seed=1)
TEST = classification(40, targets=TARGETS, seed=2)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = store_results(tmp_path_factory.mktemp("run"), {Split.VAL: VAL, Split.TEST: TEST})
    return scalar_run(folder, TARGETS, is_exclusive=True)


def test_confusion_counts_subjects_at_the_threshold_of_val(run):
    called = TEST.outputs[:, 1] >= run.threshold("Val", "b").value - 1e-6
    (tn, fp), (fn, tp) = confusion_matrix(TEST.labels[:, 1], called)
    rows = cells_of(scalar_class_sections.confusion(run, "Test", "b"))
    assert rows[1] == ["Truly positive", *map(str, (tp, fn, tp + fn))]
    assert rows[2] == ["Truly negative", *map(str, (fp, tn, fp + tn))]
    assert rows[3] == ["All", *map(str, (tp + fp, tn + fn, 40))]


def test_calibration_after_is_that_of_scaled_logits(run):
    outputs = 1 / (1 + np.exp(-logits_of(np.round(TEST.outputs[:, 0], 6)) / run.temperature("a")))
    brier = np.mean((outputs - TEST.labels[:, 0]) ** 2)
    rows = {row[0]: row for row in cells_of(scalar_class_sections.calibration(run, "Test", "a"))}
    assert rows["Brier score"][3] == f"{brier:.4f}"
    assert rows["Brier score"][1] == f"{np.mean((TEST.outputs[:, 0] - TEST.labels[:, 0]) ** 2):.4f}"


def test_on_val_it_is_said_that_the_temperature_was_fitted_there(run):
    words = "fitted on these very subjects"
    assert words in scalar_class_sections.calibration(run, "Val", "a").text
    assert words not in scalar_class_sections.calibration(run, "Test", "a").text


def test_each_combination_counts_exact_sets(run):
    thresholds = [run.threshold("Val", target).value - 1e-6 for target in TARGETS]
    truth, called = TEST.labels > 0.5, TEST.outputs >= thresholds
    wanted = [True, False, True]
    is_labelled, is_called = (np.all(part == wanted, axis=1) for part in (truth, called))
    rows = {row[0]: row for row in cells_of(scalar_class_sections.combinations(run, "Test"))}
    assert rows["a|c"][1:3] == [str(is_labelled.sum()), str(is_called.sum())]
    assert rows["a|c"][3] == f"{accuracy_score(is_labelled, is_called):.4f}"
    assert {"a", "b", "c", "Negative"} <= rows.keys()


def test_the_most_likely_class_is_counted_for_exclusive_classes(run, tmp_path):
    truth, found = np.arange(30) % 3, (np.arange(30) // 4) % 3
    subjects = [f"s{number}" for number in range(30)]
    results = ScalarOutputs(subjects, TARGETS, np.eye(3)[truth], 0.2 + 0.5 * np.eye(3)[found])
    exclusive = scalar_run(
        store_results(tmp_path, {Split.TEST: results}), TARGETS, is_exclusive=True
    )
    section = scalar_class_sections.classes(exclusive, "Test")
    counts = confusion_matrix(truth, found)
    assert [row[1:4] for row in cells_of(section)[1:]] == [list(map(str, row)) for row in counts]
    assert f"{accuracy_score(truth, found):.4f}" in section.text


def test_classes_that_come_together_have_no_most_likely_one(run):
    several = scalar_run(run.folder, TARGETS)
    assert not scalar_class_sections.classes(several, "Test").text
