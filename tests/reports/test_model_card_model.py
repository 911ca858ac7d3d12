"""What a model takes and gives and how it was trained: the fields that say it, and no others."""

import pytest

from card_runs import SETTINGS, store_run
from innereye.configs.stages.card import CardSettings
from innereye.names import Split
from innereye.reports.epoch_tables import read_epoch_metrics
from innereye.reports.model_card_model import (
    ALWAYS,
    OF_INFERENCE,
    OF_TRAINING,
    default_of,
    epochs_table,
    git_in_words,
    input_and_output,
    settings_table,
    spacing_sentences,
)


def with_values(**values):
    return SETTINGS.model_copy(update=values)


def fields_of(settings, groups):
    lines = settings_table(settings, groups).splitlines()[2:]
    return {line.split("|")[1].strip(): line.split("|")[2].strip() for line in lines}


def test_fields_off_their_default_are_listed_and_no_others():
    settings = CardSettings(ground_truth_ids=["left"], momentum=0.5, random_gamma=(0.5, 2.0))
    shown = fields_of(settings, OF_TRAINING)
    assert (shown["momentum"], shown["random_gamma"]) == ("0.5", "0.5, 2")
    assert set(shown) - ALWAYS == {"momentum", "random_gamma"}
    assert set(fields_of(settings, OF_INFERENCE)) < ALWAYS


def test_every_field_that_is_always_listed_is_in_a_group():
    both = fields_of(SETTINGS, OF_TRAINING).keys() | fields_of(SETTINGS, OF_INFERENCE).keys()
    assert both >= ALWAYS
    assert default_of("l_rate") == CardSettings().l_rate


def test_channels_structures_and_grey_values_are_in_order():
    settings = with_values(image_channels=["t2", "t1"], ground_truth_ids=["b", "a"], mask_id="body")
    text = input_and_output(settings, expected_spacing_xyz="", spacings_zyx_mm=[])
    assert "Channels, in this order: t2, t1, inside the region body." in text
    assert "0 background, 1 b, 2 a;" in text
    assert "norm_method CT Window (window 600; level 50; output_range -1, 1)" in text
    assert "tail" not in text


def test_spacings_are_those_demanded_and_those_seen():
    text = " ".join(spacing_sentences(SETTINGS, "1, 1.5, 3", [(3, 1, 1), (2, 1, 4)]))
    assert "not resampled" in text
    assert "must have a spacing of 1, 1.5, 3 mm (x, y, z)" in text
    assert "from 2, 1, 1 to 3, 1, 4 mm (z, y, x)" in text
    settings = with_values(resample_spacing_zyx_mm=(3.0, 1.0, 1.0))
    text = " ".join(spacing_sentences(settings, "1, 1.5, 3", [(2, 1, 1)]))
    assert "resampled to 3, 1, 1 mm (z, y, x)" in text
    assert "must have" not in text
    assert "scored: 2, 1, 1 mm" in text


@pytest.mark.parametrize(
    ("git", "words"),
    [
        ({"source_id": None}, "no git checkout"),
        (
            {"source_id": "a1", "source_branch": "b", "source_dirty": False},
            "commit a1 of the branch b",
        ),
    ],
)
def test_the_state_of_the_code(git, words):
    assert git_in_words(git) == words


def test_the_reported_and_the_last_epoch_are_shown(tmp_path):
    tables = read_epoch_metrics(store_run(tmp_path / "run", {}, epochs=4))
    lines = epochs_table({"": tables}, epoch=3).splitlines()
    assert [line.split("|")[1].strip() for line in lines] == [
        "Epoch",
        "--:".rjust(5, "-"),
        "3",
        "4",
    ]
    assert [cell.strip() for cell in lines[3].split("|")[2:4]] == ["0.250", "0.250"]


def test_an_epoch_without_a_validation_has_dashes(tmp_path):
    tables = read_epoch_metrics(store_run(tmp_path / "run", {}))
    tables[Split.VAL] = tables[Split.VAL].iloc[:1]
    last = epochs_table({"0": tables}, epoch=3).splitlines()[-1]
    assert [cell.strip() for cell in last.split("|")[1:-1]] == [
        "0",
        "3",
        "0.250",
        "-",
        "0.750",
        "-",
    ]
    assert "| 3 |" in epochs_table({"": {}}, epoch=3).replace("     ", " ")
