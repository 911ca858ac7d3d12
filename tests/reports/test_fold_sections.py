"""Does the report on an ensemble say how its members did?"""

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.runs.results_by_fold import results_by_fold, write_results_by_fold
from innereye.metrics.runs.runs_table import RUNS_COLUMNS, write_runs_table
from innereye.reports import fold_sections, sections
from innereye.reports.reported_run import ReportedRun


def runs_table(dice_of_fold):
    """Return a table of folds: one structure, two Val subjects each, Dice in percent."""
    rows = [
        (f"{fold}{subject}", "liver", dice + subject, np.inf, 1.0, "Val", "", "", fold, "Val")
        for fold, dice in dice_of_fold.items()
        for subject in (0, 1)
    ]
    return pd.DataFrame(rows, columns=list(RUNS_COLUMNS))


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "CrossValResults" / "ENSEMBLE"
    folder.mkdir(parents=True)
    for name, subjects in (("train", "123"), ("val", "4"), ("test", "56")):
        lines = "\n".join(["subject", *subjects])
        (folder / f"{name}_dataset.csv").write_text(f"{lines}\n")
    return ReportedRun(folder, 3, "", 3.0, 20, 1.0, is_ensemble=True)


def write(run, table):
    write_runs_table(run.folder.parent / "MetricsAcrossAllRuns.csv", table)
    write_results_by_fold(run.folder.parent / "ResultsByFold.csv", results_by_fold(table))


def test_folds_are_shown_with_their_spread(run):
    write(run, runs_table({"0": 80.0, "1": 90.0}))
    text = fold_sections.folds(run).text
    assert "0.8550" in text
    assert "0.8050" in text
    assert "0.9050" in text
    assert "∞" in text
    assert "banner" not in text


def test_a_fold_that_stands_out_is_named(run):
    write(run, runs_table({"0": 80.0, "1": 81.0, "2": 20.0, "3": 82.0}))
    assert "Fold 2 lies far from the other folds" in fold_sections.folds(run).text


def test_without_folds_there_is_a_sentence(run):
    assert "no table of the folds" in fold_sections.folds(run).text
    write(run, runs_table({}))
    assert "no scores" in fold_sections.folds(run).text


def test_what_members_have_seen_is_labelled(run):
    assert (
        "All members but one were trained on each subject of Val"
        in fold_sections.seen(run, "Val").text
    )


def test_the_subjects_of_an_ensemble_are_those_of_train_and_val_together(run):
    assert sections.subjects_in_words(run) == "Train and Val 4, Test 2"
