"""The tables of a card can be laid side by side, and say what a reader must know of them."""

import math

import pytest

from card_checks import tables_of
from card_runs import SETTINGS, scores_of
from innereye.names import DICE, HAUSDORFF, Split
from innereye.reports.model_card_scores import ScoredSplit, scores_section
from innereye.reports.score_tables import AVERAGE, INFINITE_NOTE


def section(table, settings=SETTINGS):
    return scores_section(ScoredSplit(Split.TEST, "", table), settings=settings)


def test_structures_keep_the_order_of_their_labels_in_every_table():
    for order in (["left", "right"], ["right", "left"]):
        settings = SETTINGS.model_copy(update={"ground_truth_ids": order})
        card = f"## Results\n{section(scores_of('123'), settings)}"
        found = {tuple(rows) for rows in tables_of(card)["Test"].values()}
        assert found == {(*order, AVERAGE)}


def test_infinite_distances_are_counted_and_explained():
    table = scores_of("123")
    assert INFINITE_NOTE not in section(table)
    text = section(table.assign(**{HAUSDORFF: [math.inf, *[1.0] * 5]}))
    assert text.endswith(INFINITE_NOTE)
    tables = tables_of(f"## Results\n{text}")["Test"]
    assert "infinite" in tables[HAUSDORFF]["left"]
    assert "infinite" not in tables[DICE]["left"]


def test_the_tolerance_of_the_surface_dice_is_stated():
    settings = SETTINGS.model_copy(update={"surface_dice_tolerance_mm": 2.5})
    assert "#### Normalised surface Dice at 2.5 mm" in section(scores_of("12"), settings)


@pytest.mark.parametrize(("subjects", "words"), [("1", "1 subject."), ("12", "2 subjects.")])
def test_subjects_are_counted(subjects, words):
    table = scores_of(subjects)
    mean = table.groupby("Patient")[DICE].mean().mean()
    assert words in section(table)
    assert f"interval: {mean:.3f}" in section(table)


def test_without_surface_metrics_there_are_three_tables():
    table = scores_of("12").iloc[:, :5]
    assert len(tables_of(f"## Results\n{section(table)}")["Test"]) == 3
