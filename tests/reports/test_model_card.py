"""Every number of a card is that of the run's files, however few or odd the scores are."""

import json
import math
import platform
import re

import pandas as pd
import pytest

from card_checks import contradictions, faults_of, tables_of
from card_runs import (
    NAMED,
    SETTINGS,
    scores_of,
    sheet_of,
    single_card,
    store_run,
    store_scores,
)
from innereye.errors import InnerEyeError
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE, Split
from innereye.provenance.build import git_state
from innereye.provenance.code import ROOT
from innereye.reports.model_card import write_model_card
from innereye.reports.model_card_model import git_in_words

INF, NAN = math.inf, math.nan
ODD = {
    "one subject": scores_of("1"),
    "some": scores_of("123456"),
    "many": scores_of([str(index) for index in range(25)]),
    "missing": scores_of("123", Dice=[NAN, 0.5, 0.7, NAN, NAN, NAN]),
    "infinite": scores_of("123", Dice=[0, 0.5, 0.7, 0, 0, 0]).assign(
        **{HAUSDORFF: [INF, 2, 3, INF, INF, INF], MEAN_DISTANCE: [INF, 1, 2, INF, INF, INF]}
    ),
    "nothing at all": scores_of("12", Dice=[NAN] * 4),
}


def single(folder, **scores):
    """Store a run with scores by split, and return its card."""
    parts = {Split[name]: sheet_of(table["Patient"].unique()) for name, table in scores.items()}
    run = store_run(folder / "outputs", {Split.TRAIN: sheet_of("ABC"), **parts})
    for name, table in scores.items():
        store_scores(run, Split[name], table)
    return single_card(run, [Split[name] for name in scores])


@pytest.mark.parametrize("kind", ODD)
def test_every_number_is_that_of_pandas(kind, tmp_path):
    card = single(tmp_path, TEST=ODD[kind], VAL=ODD["some"])
    assert faults_of(card, {"Test": ODD[kind], "Val": ODD["some"]}) == []
    assert contradictions(card) == []


def test_the_faults_of_published_cards_would_be_found(tmp_path):
    card = single(tmp_path, TEST=ODD["some"])
    row = tables_of(card)["Test"][HAUSDORFF]["left"]
    mean_is_max = card.replace(f" {row['mean']} |", f" {row['max']} |", 1)
    assert any("extreme" in fault for fault in contradictions(mean_is_max))
    other_n = re.sub(r"(\| left +\|) +6", r"\1 5", card, count=1)
    assert any("[5, 6]" in fault for fault in contradictions(other_n))
    assert len(faults_of(other_n, {"Test": ODD["some"]})) == 1


def test_an_empty_split_is_said_to_be_empty(tmp_path):
    card = single(tmp_path, TEST=ODD["some"].iloc[:0], VAL=ODD["some"])
    assert "Test has no subjects: there is nothing to report." in card
    assert "- Test has no subjects: there are no scores on subjects that had no part" in card
    assert faults_of(card, {"Test": ODD["some"].iloc[:0], "Val": ODD["some"]}) == []


def test_without_any_score_the_card_says_so(tmp_path):
    card = single(tmp_path)
    assert "There are no scores." in card
    assert "- Test was not segmented: there are no scores" in card
    assert "- Val was not segmented." in card


def test_facts_are_those_of_the_record_and_of_the_checkpoint(tmp_path):
    card = single(tmp_path, TEST=ODD["some"])
    assert "**Model:** Tiny" in card
    assert "**Epoch:** 3 (the only test epoch)" in card
    assert "**Trained until:** 2026-05-17 " in card
    assert "**Fingerprints of the code:** train aaa, segment bbb, score ccc" in card
    assert "**Hash of table and files:** 0123abcd" in card


def test_code_and_software_are_those_in_use(tmp_path):
    card = single(tmp_path, TEST=ODD["some"])
    assert f"**Code:** {git_in_words(git_state(ROOT))}\n" in card
    assert f"python {platform.python_version()}, " in card
    assert f"pandas {pd.__version__}" in card


def test_people_have_blanks_to_fill_in_and_a_warning(tmp_path):
    card = single(tmp_path, TEST=ODD["some"])
    use = card.partition("## Intended use")[2].partition("## ")[0]
    assert use.count("________________ *(to be filled in)*") == 8
    assert "> **Not a medical device.**" in card


def test_the_same_files_give_the_same_bytes(tmp_path):
    cards = {single(tmp_path / name, TEST=ODD["infinite"], VAL=ODD["some"]) for name in "ab"}
    assert len(cards) == 1


def test_the_best_epoch_on_val_is_that_of_the_card(tmp_path):
    single(tmp_path, TEST=ODD["some"], VAL=ODD["some"])
    run = tmp_path / "outputs"
    (run / "epoch_003").rename(run / "epoch_002")
    (run / "checkpoints" / "epoch_002.ckpt").touch()
    for split in (Split.TEST, Split.VAL):
        store_scores(run, split, ODD["some"].assign(**{DICE: 0.1}))
    card = written(run, {split: [run] for split in (Split.TEST, Split.VAL)}, [run], epochs=[2, 3])
    assert "**Epoch:** 2 (the best mean Dice on Val of the test epochs 2, 3)" in card
    assert faults_of(card, {"Test": ODD["some"], "Val": ODD["some"]}) == []


def written(run, scored, members, *, epochs=(3,), epoch_json=None, named=NAMED):
    path = run / "card.md"
    write_model_card(
        path,
        run_folder=run,
        scored=scored,
        members=members,
        epochs=epochs,
        settings=SETTINGS,
        named=named,
        epoch_json=epoch_json,
    )
    return path.read_text(encoding="utf-8")


@pytest.fixture
def ensemble(tmp_path):
    """Store two folds with a part of Val each, and their ensemble; return its card and all scores."""
    folder = tmp_path / "CrossValResults"
    of_folds = [scores_of("12"), scores_of("345", Dice=[0.1] * 6)]
    folds = [store_run(folder / str(fold), {}) for fold in range(2)]
    for run, scores in zip(folds, of_folds, strict=True):
        store_scores(run, Split.VAL, scores)
    own = store_run(
        folder / "ENSEMBLE",
        {Split.TRAIN: sheet_of("123"), Split.VAL: sheet_of("45"), Split.TEST: sheet_of("678")},
    )
    store_scores(own, Split.TEST, scores_of("678"))
    store_scores(own, Split.VAL, scores_of("12345"))
    epoch = folder / "reported_epoch.json"
    epoch.write_text(json.dumps({"epoch": 3, "reason": "the best of all"}))
    card = written(
        own,
        {Split.VAL: folds, Split.TEST: [own]},
        folds,
        epoch_json=epoch,
        named={**NAMED, "Ensemble": "2 models, Average"},
    )
    return card, {"Test": scores_of("678"), "Val (by members)": pd.concat(of_folds)}


def test_an_ensemble_shows_its_own_test_and_the_val_of_its_members(ensemble):
    card, scores = ensemble
    assert faults_of(card, scores) == []
    assert contradictions(card) == []
    assert "**Not scores of the ensemble.** Each of the 2 members" in card


def test_an_ensemble_counts_train_and_val_together_and_compares_its_members(ensemble):
    card, scores = ensemble
    means = scores["Val (by members)"].groupby("Patient")[DICE].mean()
    first = means[["1", "2"]].mean()
    assert "**Kind:** ensemble of 2 models, Average" in card
    assert re.search(r"\| Train and Val \| 5 +\| north 5 ", card)
    assert f"goes from 0.100 (1, n 3) to {first:.3f} (0, n 2)." in card
    assert "seen in training by all but one of the 2 members" in card
    assert re.search(r"\| 0 +\| +3 \| +0.250 \|", card)


def test_a_missing_table_is_named(tmp_path):
    run = store_run(tmp_path / "outputs", {})
    with pytest.raises(InnerEyeError, match=r"Test/metrics.csv does not exist"):
        single_card(run, [Split.TEST])
    assert not (run / "final_model" / "model_card.md").exists()
