"""The hash of a table changes with what items are made of, and with nothing else."""

import pytest

from innereye.data.identities import file_states
from innereye.data.scalar.files_by_name import FilesByName
from innereye.data.scalar.items import NO_FILES
from innereye.data.scalar.table_hash import categories_hash, image_paths, rows_hash
from innereye.io.files import read_table
from phantoms import rewrite
from scalar_tables import cell, layout, table, write_items


@pytest.fixture
def csv_path(tmp_path):
    return write_items(tmp_path)


def hash_of(csv_path, change=lambda frame: frame, **fields):
    frame, read = change(read_table(csv_path)), layout(**fields)
    paths = image_paths(frame, read, NO_FILES)
    states = file_states(paths.values(), None, root=csv_path.parent)
    return rows_hash(frame, read, paths, states)


CHANGES = {
    "label": cell("2", "week1", "label", "false"),
    "age": cell("2", "week1", "age", "41"),
    "path": cell("2", "week0", "file", "1_week0.nii.gz"),
    "subject": lambda f: f.replace({"subject": {"2": "3"}}),
    "one row less": lambda f: f[f["subject"] != "2"],
}
NO_CHANGES = {
    "order of rows": lambda f: f.sample(frac=1, random_state=1),
    "a column that nobody reads": cell("2", "week1", "site", "south"),
    "a row that nobody reads": cell("2", "note", "label", "!"),
    "another column": lambda f: f.assign(tags="x"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_changes_the_hash(name, csv_path):
    assert hash_of(csv_path, CHANGES[name]) != hash_of(csv_path)


@pytest.mark.parametrize("name", NO_CHANGES)
def test_what_is_not_read_changes_nothing(name, csv_path):
    assert hash_of(csv_path, NO_CHANGES[name]) == hash_of(csv_path)


def test_a_changed_image_changes_the_hash(csv_path):
    before = hash_of(csv_path)
    rewrite(csv_path.parent / "2_note.nii.gz", lambda a: a + 1)
    assert hash_of(csv_path) == before
    rewrite(csv_path.parent / "2_week0.nii.gz", lambda a: a + 1)
    assert hash_of(csv_path) != before


def test_a_model_without_images_has_a_hash(csv_path):
    fields = {"image_channels": [], "image_file_column": None}
    before = hash_of(csv_path, **fields)
    (csv_path.parent / "2_week0.nii.gz").unlink()
    assert hash_of(csv_path, **fields) == before


def test_names_lead_to_paths():
    frame = table(("1", "2"))
    by_name = layout(traverse_dirs_when_loading=True)
    files = FilesByName(["deep/1_week0.png", "1_week1.png", "2_week0.png", "x/2_week0.npy"])
    assert image_paths(frame, by_name, files) == {
        "1_week0.nii.gz": "deep/1_week0.png",
        "1_week1.nii.gz": "1_week1.png",
    }


def test_a_new_category_is_another_network():
    frame = table()
    same = cell("2", "week1", "sex", "female")(table())
    other = cell("2", "week1", "sex", "other")(table())
    assert categories_hash(same, layout()) == categories_hash(frame, layout())
    assert categories_hash(other, layout()) != categories_hash(frame, layout())
