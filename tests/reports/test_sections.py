"""Sections of a report where data are few, missing or strange."""

import math
import re

import pytest

from innereye.names import DICE, HAUSDORFF, PATIENT, STRUCTURE, Split
from innereye.reports import sections
from innereye.reports.reported_run import ReportedRun
from innereye.reports.score_tables import INFINITE_NOTE


@pytest.fixture
def report_of(make_run, tmp_path):
    """Give a function that stores Test scores as a run and opens it."""

    def open_run(scores, **options):
        folder = make_run(tmp_path, {Split.TEST: scores}, **options)
        return ReportedRun(folder, 3, "the only one", 3.0, 20, 1.0, {"Model": "<b>M</b>"})

    return open_run


def pictures_in(html):
    return re.findall(r'alt="([^"]*)" src="data:image/jpeg', html.text)


@pytest.mark.parametrize(("count", "warned"), [(19, True), (20, False)])
def test_few_subjects_are_pointed_out(report_of, made_up_scores, count, warned):
    shown = sections.scores(report_of(made_up_scores(count, 0)), "Test").text
    assert (f"Only {count} subjects" in shown) == warned


def test_one_subject_has_all_sections(report_of, made_up_scores):
    run = report_of(made_up_scores(1, 0))
    assert "Only 1 subject:" in sections.scores(run, "Test").text
    assert "There are none." in sections.outliers(run, "Test").text
    assert "2 worst subjects by Dice" in sections.worst(run, "Test").text
    assert len(pictures_in(sections.thumbnails(run, "Test"))) == 2


def test_an_empty_split_has_one_sentence(report_of, made_up_scores):
    run = report_of(made_up_scores(1, 0).iloc[:0])
    assert "Test has no subjects" in sections.scores(run, "Test").text
    assert "no subjects" in sections.header(run, ["Test"]).text
    for section in (sections.boxplots, sections.outliers, sections.worst, sections.thumbnails):
        assert section(run, "Test").text == ""


def test_infinite_distances_are_explained_once(report_of, made_up_scores):
    run = report_of(made_up_scores(20, 1).assign(**{HAUSDORFF: math.inf}))
    assert sections.scores(run, "Test").text.count(INFINITE_NOTE) == 1


def test_finite_distances_need_no_note(report_of, made_up_scores):
    run = report_of(made_up_scores(20, 1))
    assert INFINITE_NOTE not in sections.scores(run, "Test").text


def test_the_worst_nine_are_shown_worst_first(report_of, made_up_scores):
    metrics = made_up_scores(12, 2)
    worst = metrics.sort_values(DICE).head(9)
    names = [f"Subject {s}, {t}" for s, t in zip(worst[PATIENT], worst[STRUCTURE], strict=True)]
    assert pictures_in(sections.thumbnails(report_of(metrics), "Test")) == names


def test_missing_thumbnails_are_explained(report_of, made_up_scores):
    run = report_of(made_up_scores(2, 0), thumbnails=False)
    assert "no pictures" in sections.thumbnails(run, "Test").text


def test_all_five_metrics_have_their_table(report_of, made_up_scores):
    shown = sections.scores(report_of(made_up_scores(3, 0)), "Test").text
    assert shown.count("<table>") == 5
    assert "Normalised surface Dice at 1 mm" in shown


def test_the_header_counts_subjects_and_escapes_text(report_of, made_up_scores):
    shown = sections.header(report_of(made_up_scores(4, 0)), ["Test"]).text
    assert "Test 4" in shown
    assert "3: the only one" in shown
    assert "&lt;b&gt;M&lt;/b&gt;" in shown


def test_an_ensemble_has_no_learning_curves(made_up_scores, make_run, tmp_path):
    run = ReportedRun(tmp_path / "ENSEMBLE", 3, "", 3.0, 20, 1.0)
    assert "no training of its own" in sections.curves(run).text
