"""What the Snakefile sees of a data set: its splits by the model's fields, and stable hashes."""

from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from innereye.configs.load import load_model
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.data.dataset_view import NO_DATA, DatasetView
from innereye.data.folds import k_fold
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.io.files import write_table
from innereye.names import DATASET_CSV, Split

CHANNELS = ("channel1", "mask", "region", "region_1")


class OwnSplit(HelloWorld):
    """A model whose class divides the subjects."""

    def get_model_train_test_dataset_splits(self, dataset_df: Any) -> Any:
        """Return subjects from 10 on for Test."""
        names = dataset_df["subject"].unique()
        return DatasetSplits.from_subject_ids(
            dataset_df, train_ids=names[1:9], val_ids=names[:1], test_ids=names[9:]
        )


def table(names):
    rows = [
        (str(name), channel, f"{name}/{channel}.nii.gz", "ab"[name % 2], f"p{name // 2}")
        for name in names
        for channel in CHANNELS
    ]
    return pd.DataFrame(rows, columns=["subject", "channel", "filePath", "site", "patient"])


@pytest.fixture
def view(tmp_path: Path):
    """Look at subjects 1 to `count` with a model of these fields; no file of them exists."""

    def look(count=20, model=HelloWorld, frame=None, **fields):
        frame = table(range(1, count + 1)) if frame is None else frame
        write_table(tmp_path / DATASET_CSV, frame)
        shares = {"split_proportions": "0.6,0.2,0.2", "exact_split": True}
        whole = load_model(model, {"local_dataset": str(tmp_path), **shares, **fields})
        found = DatasetView(whole, tmp_path / "none.json", 3, tmp_path)
        assert found.frame is not None  # read now: the next look writes another table
        return found

    return look


def hashes(found, fold):
    return [found.rows(fold, "Train", "Val"), *(found.table(fold, split) for split in Split)]


@pytest.mark.parametrize(
    ("fields", "fold", "expected"),
    [
        ({}, -1, "bf01c373573e1c1b 5d79bf117a807997 c281450c7af9d465 e9dcbd0ff77c6ad8"),
        ({}, 1, "bbb1d05904323657 6fad91dd065ea391 d213b1702633813f e9dcbd0ff77c6ad8"),
        (
            {"group_column": "patient"},
            1,
            "cc6ad5dd1074f327 b98ec0234b8e1c28 ddc89e7564b4d2aa 5b54e9a773be4513",
        ),
    ],
)
def test_hashes_are_those_of_earlier_versions(view, fields, fold, expected):
    # Other values train every model again that was trained before.
    assert " ".join(hashes(view(**fields), fold)) == expected


def test_without_new_fields_splits_follow_shares_and_folds_of_the_original(view):
    expected = DatasetSplits.from_proportions(table(range(1, 21)), 0.6, 0.2, 0.2, exact=True)
    for split in Split:
        assert view().splits(-1).subjects(split) == expected.subjects(split)
        assert view().splits(2).subjects(split) == k_fold(expected, 2, 3).subjects(split)


def test_by_hash_a_new_subject_changes_one_split_and_moves_nobody(view):
    before, after = view(split_by_hash=True), view(21, split_by_hash=True)
    for fold in (-1, 0, 1, 2):
        changed = [s for s in Split if before.table(fold, s) != after.table(fold, s)]
        gains = {s: set(after.splits(fold).subjects(s)) for s in Split}
        assert [gains[s] - set(before.splits(fold).subjects(s)) for s in changed] == [{"21"}]


def test_by_hash_the_seed_and_the_groups_count(view):
    assert hashes(view(split_by_hash=True), -1) != hashes(
        view(split_by_hash=True, split_seed=1), -1
    )
    grouped = view(split_by_hash=True, group_column="patient")
    for fold in (-1, 0, 1, 2):
        groups = [set(grouped.splits(fold)[split]["patient"]) for split in Split]
        assert sum(map(len, groups)) == len(set.union(*groups)) == 11


def test_strata_get_equal_shares_in_the_folds_and_leave_the_split_alone(view):
    stratified = view(stratify_column="site")
    assert hashes(stratified, -1) == hashes(view(), -1)
    for fold in range(3):
        val = stratified.splits(fold).val.drop_duplicates("subject")
        both = stratified.splits(-1)
        total = pd.concat([both.train, both.val]).drop_duplicates("subject")["site"].value_counts()
        assert all(abs(n - total[site] / 3) < 1 for site, n in val["site"].value_counts().items())


@pytest.mark.parametrize("fields", [{"split_by_hash": True}, {"stratify_column": "site"}])
def test_a_split_of_the_models_own_comes_first_and_its_folds_follow_the_fields(view, fields):
    own, plain = view(model=OwnSplit, **fields), view(model=OwnSplit)
    assert hashes(own, -1) == hashes(plain, -1)
    assert own.splits(-1).subjects(Split.VAL) == ["1"]
    folds = [own.splits(fold).subjects(Split.VAL) for fold in range(3)]
    assert sorted(chain.from_iterable(folds)) == [str(name) for name in range(1, 10)]
    assert folds != [plain.splits(fold).subjects(Split.VAL) for fold in range(3)]


def test_without_test_all_folds_validate_on_the_whole_data_set(view):
    found = view(split_proportions="0.8,0.2,0")
    val = [name for fold in range(3) for name in found.splits(fold).subjects(Split.VAL)]
    assert sorted(val) == sorted(map(str, range(1, 21)))
    assert found.splits(0).test.to_csv(index=False).split() == [",".join(table([1]).columns)]


def test_a_column_that_is_not_there_is_told_with_those_that_are(view):
    with pytest.raises(DatasetError, match=r"no column 'sex'.*filePath, site, patient"):
        view(stratify_column="sex").splits(0)


def test_without_data_there_is_nothing_to_see(tmp_path):
    model = load_model(HelloWorld, {"local_dataset": str(tmp_path / "none")})
    view = DatasetView(model, tmp_path / "none.json", 3, tmp_path / "none")
    assert view.rows(-1, "Train") == view.table(-1, "Train") == view.all_rows == NO_DATA
    assert "make_phantoms" in view.missing
    with pytest.raises(DatasetError, match=r"has no dataset\.csv"):
        view.splits(-1)


def test_folds_keep_groups_of_the_field_where_the_class_divides_the_subjects(view):
    found = view(model=OwnSplit, group_column="patient")
    parts = [set(found.splits(fold).val["patient"]) for fold in range(3)]
    assert not any(one & other for one in parts for other in parts if one is not other)
    trained = [set(found.splits(fold).train["patient"]) for fold in range(3)]
    assert not any(one & other for one, other in zip(parts, trained, strict=True))
    with pytest.raises(DatasetError, match="nope"):
        view(model=OwnSplit, group_column="nope").splits(0)
