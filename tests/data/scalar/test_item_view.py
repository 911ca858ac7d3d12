"""What the Snakefile sees of a scalar model's table: its splits, and hashes that change when they must."""

import pytest

from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.configs.fields.splits import SplitFields
from innereye.configs.model_config import ModelConfig
from innereye.data.dataset_view import NO_DATA
from innereye.data.scalar.item_view import ItemView
from innereye.data.scalar.layout import layout_of
from innereye.errors import DatasetError
from innereye.io.files import write_table
from innereye.names import CLOUD_FILES_CSV, Split
from scalar_tables import FIELDS, cell, labels_table, table

SUBJECTS = tuple(str(number) for number in range(1, 21))


class Model(ScalarDataFields, SplitFields, ModelConfig):
    """A model with no more than its data and its splits."""


def look(folder, frame=None, **fields):
    """Look at a table in a folder; no file of it exists."""
    write_table(folder / "dataset.csv", table(SUBJECTS) if frame is None else frame)
    model = Model(**{**FIELDS, **fields})
    layout = layout_of(model, is_regression=False)
    view = ItemView(model, layout, folder / "none.json", 3, folder / "dataset.csv")
    assert view.frame is not None  # read now: the next look writes another table
    return view


def hashes(view, fold=-1):
    return {split: view.rows(fold, split) for split in Split}


def test_subjects_are_split_by_the_column_of_the_model(tmp_path):
    frame = table(SUBJECTS).rename(columns={"subject": "patient"})
    renamed = look(tmp_path, frame, subject_column="patient")
    usual = look(tmp_path)
    for fold in (-1, 0, 2):
        for split in Split:
            assert renamed.splits(fold).subjects(split) == usual.splits(fold).subjects(split)


def test_folds_part_train_and_val(tmp_path):
    view = look(tmp_path)
    validated = [name for fold in range(3) for name in view.splits(fold).subjects(Split.VAL)]
    both = view.splits(-1)
    assert sorted(validated) == sorted(both.subjects(Split.TRAIN) + both.subjects(Split.VAL))


@pytest.mark.parametrize("column", ["label", "age", "file"])
def test_a_changed_subject_changes_its_split_only(column, tmp_path):
    before = look(tmp_path)
    for split in Split:
        subject = before.splits(-1).subjects(split)[0]
        after = look(tmp_path, cell(subject, "week1", column, "1")(table(SUBJECTS)))
        old, new = hashes(before), hashes(after)
        assert [each for each in Split if old[each] != new[each]] == [split]
        assert after.all_rows != before.all_rows


def test_what_no_one_reads_changes_the_table_and_not_the_rows(tmp_path):
    before = look(tmp_path)
    after = look(tmp_path, table(SUBJECTS).assign(site="south"))
    assert hashes(after) == hashes(before)
    assert all(after.table(-1, split) != before.table(-1, split) for split in Split)


def test_a_new_category_in_test_is_another_network(tmp_path):
    before = look(tmp_path)
    subject = before.splits(-1).subjects(Split.TEST)[0]
    after = look(tmp_path, cell(subject, "week1", "sex", "other")(table(SUBJECTS)))
    assert after.rows(-1, "Train") != before.rows(-1, "Train")


def test_a_changed_file_changes_its_split_and_the_times(tmp_path):
    before = look(tmp_path)
    subject = before.splits(-1).subjects(Split.VAL)[0]
    old, times = hashes(before), before.times
    (tmp_path / f"{subject}_week0.nii.gz").write_text("new")
    after = look(tmp_path)
    assert [each for each in Split if old[each] != hashes(after)[each]] == [Split.VAL]
    assert after.times != times


def test_files_in_the_cloud_are_seen_in_their_list(tmp_path):
    def seen(etag, **fields):
        line = f"1_week0.nii.gz,9,2024-05-01T10:00:00+00:00,{etag}"
        (tmp_path / CLOUD_FILES_CSV).write_text(f"path,size,modified,etag\n{line}\n")
        return look(tmp_path, **fields).all_rows

    assert seen("a") == seen("a") != seen("b")
    by_name = {"traverse_dirs_when_loading": True}
    assert seen("a", **by_name) == seen("a", **by_name) != seen("b", **by_name)


def test_images_are_found_by_name(tmp_path):
    def seen():
        return look(tmp_path, traverse_dirs_when_loading=True).all_rows

    before = seen()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "1_week0.png").write_text("new")
    assert seen() != before


def test_rows_without_the_expected_values_are_in_no_split(tmp_path):
    frame = labels_table(*"01" * 10, site=["a", "b"] * 10)
    fields = {"image_channels": [], "label_channels": None, "image_file_column": None}
    fields |= {"numerical_columns": [], "categorical_columns": []}
    view = look(tmp_path, frame, expected_column_values=[("site", "a")], **fields)
    names = [name for split in Split for name in view.splits(-1).subjects(split)]
    assert sorted(map(int, names)) == list(range(0, 20, 2))


def test_without_a_table_there_is_a_sentence_and_no_hash(tmp_path):
    model = Model(**FIELDS, azure_dataset_id="scans")
    layout = layout_of(model, is_regression=False)
    missing = ItemView(model, layout, tmp_path / "r", 3, tmp_path / "dataset.csv")
    assert missing.rows(-1, "Train") == missing.table(-1, "Val") == missing.all_rows == NO_DATA
    assert missing.missing == f"{tmp_path} has no dataset.csv, the data set of Model."
    with pytest.raises(DatasetError, match=r"has no dataset\.csv"):
        missing.splits(-1)
    cloud = ItemView(model, layout, tmp_path / "r", 3, None)
    assert "'scans' in the cloud storage" in cloud.missing
    assert cloud.file_states == {}


def test_a_table_without_a_column_is_told_at_once(tmp_path):
    with pytest.raises(DatasetError, match=r"(?s)is not usable:.*column 'age' is missing"):
        look(tmp_path, table(SUBJECTS).drop(columns="age"))
