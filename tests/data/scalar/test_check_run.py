"""A clean table goes into the run with the list of those not used; a faulty one stops it."""

import pytest

from innereye.data.identities import load_record
from innereye.data.scalar.check import ItemCheckSettings
from innereye.data.scalar.check_run import check_item_run, require_clean_items
from innereye.errors import DatasetError
from innereye.io.files import read_table
from innereye.names import CLOUD_FILES_CSV, DROPPED_ITEMS_CSV
from scalar_tables import cell, edit, layout, write_items


@pytest.fixture
def csv_path(tmp_path):
    return write_items(tmp_path / "data")


def run(csv_path, folder, **fields):
    check_item_run(
        csv_path,
        layout(**fields),
        ItemCheckSettings(),
        missing="Where is it?",
        record_file=folder / "record" / "seen.json",
        output=folder / "dataset.csv",
        dropped_csv=folder / DROPPED_ITEMS_CSV,
        workers=1,
    )


def test_the_table_and_the_dropped_subjects_are_written(csv_path, tmp_path, caplog):
    edit(csv_path, cell("2", "week1", "age", ""))
    run(csv_path, tmp_path / "run")
    assert read_table(tmp_path / "run" / "dataset.csv").equals(read_table(csv_path))
    rows = read_table(tmp_path / "run" / DROPPED_ITEMS_CSV).to_numpy().tolist()
    assert rows == [["2", "channel 'week1': column 'age' is unknown"]]
    assert "1 of 3 subjects are not used" in caplog.text
    assert set(load_record(tmp_path / "run" / "record" / "seen.json").subjects) == {"1", "10"}


def test_faults_stop_the_run_and_nothing_is_written(csv_path, tmp_path):
    (csv_path.parent / "2_week0.nii.gz").unlink()
    edit(csv_path, cell("1", "week1", "label", "?"))
    with pytest.raises(DatasetError, match=r"(?s)dataset.csv has 2 faults:.*'\?'.*not exist"):
        run(csv_path, tmp_path / "run")
    assert not (tmp_path / "run" / "dataset.csv").exists()


def test_a_missing_table_has_the_sentence_of_the_caller(tmp_path):
    with pytest.raises(DatasetError, match=r"^Where is it\?$"):
        run(tmp_path / "none.csv", tmp_path)
    with pytest.raises(DatasetError, match=r"has no none\.csv\.$"):
        require_clean_items(
            tmp_path / "none.csv", layout(), ItemCheckSettings(), record_file=tmp_path / "r.json"
        )


def test_images_in_the_cloud_are_not_opened(csv_path, tmp_path):
    for path in csv_path.parent.glob("*.nii.gz"):
        path.unlink()
    (csv_path.parent / CLOUD_FILES_CSV).write_text("path,size,modified,etag\n")
    with pytest.raises(DatasetError, match=r"(?s)copied from the cloud, has 6 faults.*not exist"):
        run(csv_path, tmp_path / "run")
