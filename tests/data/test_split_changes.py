"""What moved between two calls is told in few words: names, splits and run folders."""

import pandas as pd
import pytest

from innereye.data.folds import k_fold
from innereye.data.split_changes import split_changes
from innereye.data.splits import DatasetSplits
from innereye.io.files import write_table
from innereye.names import SPLIT_CSV, Split


def frame(names):
    rows = [(str(name), channel, f"{name}/{channel}") for name in names for channel in ("ct", "a")]
    return pd.DataFrame(rows, columns=["subject", "channel", "filePath"])


def splits(train, val, test=(), rows=None):
    table = frame([*train, *val, *test]) if rows is None else rows
    return DatasetSplits.from_subject_ids(table, train, test, val)


def write(folder, held):
    for split, name in SPLIT_CSV.items():
        write_table(folder / name, held[split])


@pytest.fixture
def change(tmp_path):
    """Tell what changed in one run folder, without the folder."""

    def told(before, after):
        write(tmp_path / "run", before)
        return [
            line.replace(f"{tmp_path}/", "") for line in split_changes({f"{tmp_path}/run": after})
        ]

    return told


BEFORE = splits([1, 2], [7], [3])


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (splits([1, 2, 41, 42], [8], [3]), "Train gains 41, 42; Val gains 8 and loses 7"),
        (splits([2, 7], [1], [3]), "Train gains 7 and loses 1; Val gains 1 and loses 7"),
        (splits([1, 2], [7]), "Test loses 3"),
        (splits([1, 2], [7], [10, 3, 9]), "Test gains 9, 10"),
        (
            splits([*range(1, 3), *range(20, 32)], [7], [3]),
            "Train gains 20, 21, 22, 23, 24 and 7 more",
        ),
    ],
)
def test_subjects_that_moved_are_named_by_split(change, after, sentence):
    assert change(BEFORE, after) == [f"run: {sentence}."]


def test_what_stays_is_no_news(change, tmp_path):
    assert change(BEFORE, BEFORE) == []
    assert split_changes({str(tmp_path / "never_run"): BEFORE}) == []


def test_a_folder_is_named_as_it_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "outputs", BEFORE)
    assert split_changes({"outputs": splits([1], [7], [3])}) == ["outputs: Train loses 2."]


def test_other_rows_of_a_subject_that_stays_are_told(change):
    rows = frame([1, 2, 7, 3]).replace({"3/ct": "corrected/ct"})
    assert change(BEFORE, splits([1, 2], [7], [3], rows)) == ["run: Test has other rows for 3."]
    fewer = frame([1, 2, 7, 3]).drop(index=1)
    assert change(BEFORE, splits([1, 2], [7], [3], fewer)) == ["run: Train has other rows for 1."]


@pytest.mark.parametrize("order", [[2, 3, 0, 1, 4, 5, 6, 7], [1, 0, *range(2, 8)]])
def test_another_order_is_told_without_names(change, order):
    turned = splits([1, 2], [7], [3], frame([1, 2, 7, 3]).iloc[order])
    assert change(BEFORE, turned) == ["run: Train has its rows in another order."]


def test_other_columns_are_told_without_names(change):
    wider = frame([1, 2, 7, 3]).assign(site="a")
    (line,) = change(BEFORE, splits([1, 2], [7], [3], wider))
    assert line == "run: Train has other columns; Val has other columns; Test has other columns."


def test_a_table_written_in_another_way_is_the_same(tmp_path):
    write(tmp_path, BEFORE)
    path = tmp_path / SPLIT_CSV[Split.TRAIN]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert split_changes({str(tmp_path): BEFORE}) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b'"' + b"x" * 200_000])
def test_a_damaged_table_stops_nothing(tmp_path, content):
    write(tmp_path, BEFORE)
    (tmp_path / SPLIT_CSV[Split.TRAIN]).write_bytes(content)
    assert split_changes({str(tmp_path): BEFORE}) == [f"{tmp_path}: Train gains 1, 2."]


def test_a_table_that_is_not_there_is_passed_over(tmp_path):
    write(tmp_path, BEFORE)
    (tmp_path / SPLIT_CSV[Split.TRAIN]).unlink()
    assert split_changes({str(tmp_path): splits([1, 9], [7], [4])}) == [
        f"{tmp_path}: Test gains 4 and loses 3."
    ]


def test_folds_with_the_same_change_share_a_line(tmp_path):
    def folds(count):
        whole = splits(range(1, count), [50])
        return {f"{tmp_path}/{k}": k_fold(whole, k, 3, by_hash=True) for k in range(3)}

    for folder, held in folds(20).items():
        write(tmp_path / folder, held)
    # Subject 20 validates in fold 2, by its name.
    assert split_changes(folds(21)) == [
        f"{tmp_path}/0, 1: Train gains 20.",
        f"{tmp_path}/2: Val gains 20.",
    ]


def test_many_folds_are_counted_and_folders_apart_are_named_in_full(tmp_path):
    folders = [f"{tmp_path}/CrossValResults/{k}" for k in range(12)]
    for folder in folders:
        write(tmp_path / folder, BEFORE)
    (line,) = split_changes(dict.fromkeys(folders, splits([1], [7], [3])))
    shown = ", ".join(map(str, range(10)))
    assert line == f"{tmp_path}/CrossValResults/{shown} and 2 more: Train loses 2."
    write(tmp_path / "single", BEFORE)
    pair = [folders[0], f"{tmp_path}/single"]
    (line,) = split_changes(dict.fromkeys(pair, splits([1], [7], [3])))
    assert line == f"{', '.join(pair)}: Train loses 2."
