"""Do the sections say in words what they cannot show?"""

from dataclasses import replace

import numpy as np
import pytest
from tests.scalar_runs import (
    cells_of,
    classification,
    regression,
    scalar_run,
    store_epochs,
    store_results,
)

from innereye.names import Split
from innereye.reports import scalar_class_sections, scalar_sections, scalar_value_sections
from innereye.reports.scalar_report import OF_CLASSES

VAL, TEST = classification(30, seed=1), classification(24, seed=2)
NOBODY = classification(0)


def run_of(folder, results, targets=("Default",), **changes):
    return scalar_run(store_results(folder, results), targets, **changes)


def everything(run, split="Test", target="Default"):
    """Return the text of all sections of a classification's target."""
    shown = (scalar_sections.numbers, *OF_CLASSES, scalar_sections.extremes)
    return "\n".join(show(run, split, target).text for show in shown)


def test_an_empty_split_is_said_and_nothing_is_drawn(tmp_path):
    run = run_of(tmp_path, {Split.VAL: VAL, Split.TEST: NOBODY})
    text = everything(run)
    assert "Test has no labelled subjects" in text
    assert "<img" not in text
    assert ["Area under ROC curve (95 % interval), Test", "no labelled subjects"] in cells_of(
        scalar_sections.header(run, ["Test", "Val"])
    )


@pytest.mark.parametrize(("label", "word"), [(0, "negative"), (1, "positive")])
def test_one_class_is_said_and_has_numbers_but_no_curves(tmp_path, label, word):
    test = replace(TEST, labels=np.full_like(TEST.labels, label))
    text = everything(run_of(tmp_path, {Split.VAL: VAL, Split.TEST: test}))
    assert f"All subjects of Test are {word}" in text
    assert "ROC curve, Test" not in text
    assert "<td>-</td>" in text
    assert "Reliability diagram, Test" in text


def test_one_class_on_val_gives_the_threshold_a_half(tmp_path):
    val = replace(VAL, labels=np.ones_like(VAL.labels))
    text = everything(run_of(tmp_path, {Split.VAL: val, Split.TEST: TEST}))
    assert "Threshold: 0.5000, as none can be chosen on Val" in text
    assert "Sensitivity at threshold" in text
    assert "optimal" not in text
    assert "no temperature can be fitted" in text


def test_an_output_that_is_no_number_is_said(tmp_path):
    outputs = TEST.outputs.copy()
    outputs[3] = np.nan
    text = everything(run_of(tmp_path, {Split.TEST: replace(TEST, outputs=outputs)}))
    assert "no number for 1 of the subjects" in text
    assert "<img" not in text


def test_few_subjects_and_missing_labels_are_said(tmp_path):
    results = classification(12)
    results.labels[0] = np.nan
    text = everything(run_of(tmp_path, {Split.TEST: results}))
    assert "Only 11 subjects" in text
    assert "Subjects without a label, which do not count: 1." in text


def test_lists_hold_the_surest_first(tmp_path):
    run = run_of(tmp_path, {Split.VAL: VAL, Split.TEST: TEST})
    table = run.rows("Test", "Default")
    is_hit = (table["label"] == 1) & (
        table["model_output"] >= run.threshold("Val", "Default").value
    )
    best = table[is_hit].nlargest(4, "model_output")
    cells = [["1", best["subject"].iloc[0], f"{best['model_output'].iloc[0]:.5f}"]]
    assert cells[0] in cells_of(scalar_sections.extremes(run, "Test", "Default"))


def test_a_caption_names_all_labels_and_outputs(tmp_path):
    results = classification(3, targets=["a", "b"])
    results.labels[:] = [[1, 1], [0, 1], [0, 0]]
    results.outputs[:] = 0.25
    run = run_of(tmp_path, {Split.TEST: results}, ["a", "b"])
    captions = [scalar_sections.caption_of(run, "Test", f"s{number}") for number in range(3)]
    assert captions[0] == "ID s0; true labels: a|b; output: a 0.25, b 0.25"
    assert [" b;" in captions[1], "Negative" in captions[2]] == [True, True]


def test_scores_that_were_seen_in_training_are_labelled(tmp_path):
    run = run_of(tmp_path / "ENSEMBLE", {Split.VAL: VAL, Split.TEST: TEST}, is_ensemble=True)
    names = [row[0] for row in cells_of(scalar_sections.header(run, ["Test", "Val"]))]
    assert "Area under ROC curve (95 % interval), Val (seen in training)" in names
    assert "trained on each subject of Val" in scalar_sections.seen(run, "Val").text


def test_learning_curves_are_drawn_where_there_was_a_training(tmp_path):
    run = run_of(tmp_path, {Split.VAL: VAL})
    assert "no training of its own" in scalar_sections.curves(run).text
    store_epochs(tmp_path, VAL)
    assert 'alt="Learning curves"' in scalar_sections.curves(run).text


def test_a_regression_without_subjects_or_with_one_does_not_fail(tmp_path):
    for count, words in ((0, "no labelled subjects"), (1, "Only 1 subject")):
        results = {Split.TEST: regression(count)}
        run = run_of(tmp_path / str(count), results, is_classification=False)
        assert words in scalar_sections.numbers(run, "Test", "Default").text
        drawn = scalar_value_sections.scatter(run, "Test", "Default").text
        assert ("<img" in drawn) == bool(count)
        assert isinstance(scalar_sections.extremes(run, "Test", "Default").text, str)


def test_combinations_are_for_several_targets(tmp_path):
    assert not scalar_class_sections.combinations(run_of(tmp_path, {Split.TEST: TEST}), "Test").text
