"""Subjects are counted as the tables of the splits have them."""

import pandas as pd

from card_runs import sheet_of, store_run
from innereye.names import SEGMENTATIONS_COLUMNS, Split
from innereye.reports.model_card_data import (
    lacking_masks,
    listed,
    parts_table,
    read_parts,
    spacings_of,
)


def cells_of(text):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()[2:]]


def test_each_part_has_its_subjects_and_those_of_its_institutions(tmp_path):
    train = pd.concat([sheet_of("123", "b"), sheet_of("4", "a"), sheet_of("5", "")])
    run = store_run(tmp_path / "run", {Split.TRAIN: train, Split.VAL: sheet_of("6", "a")})
    parts = read_parts(run, is_ensemble=False)
    assert cells_of(parts_table(parts)) == [
        ["Train", "5", "not named 1, a 1, b 3"],
        ["Val", "1", "a 1"],
        ["Test", "0", "-"],
    ]
    parts = read_parts(run, is_ensemble=True)
    assert cells_of(parts_table(parts))[0] == ["Train and Val", "6", "not named 1, a 2, b 3"]


def test_a_table_without_institutions_has_none():
    parts = {"Train": sheet_of("12").drop(columns="institutionId")}
    assert cells_of(parts_table(parts)) == [["Train", "2", "-"]]


def test_only_structures_that_are_asked_for_can_be_lacking():
    sheet = sheet_of("12")
    parts = {"Train": sheet[(sheet["subject"] != "2") | (sheet["channel"] != "right")]}
    assert list(lacking_masks(parts, ["left", "right"])) == [("Train", "right", ["2"], 2)]
    assert list(lacking_masks(parts, ["left"])) == []


def test_spacings_are_read_once_each(tmp_path):
    rows = [
        ("1", "a", "0", "1,1,1", text) for text in ("3.0,1.0,1.0", "2.5,1.0,1.0", "3.0,1.0,1.0")
    ]
    path = tmp_path / "segmentations.csv"
    pd.DataFrame(rows, columns=list(SEGMENTATIONS_COLUMNS)).to_csv(path, index=False)
    assert spacings_of([path, path]) == [(2.5, 1.0, 1.0), (3.0, 1.0, 1.0)]


def test_long_lists_of_subjects_are_cut_and_counted():
    names = [str(index) for index in range(12)]
    assert listed(names) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert listed(["a*b"]) == "a\\*b"
