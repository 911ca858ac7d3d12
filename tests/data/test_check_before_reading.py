"""A job opens what no check has opened: on a node that mounts a data set of the cloud, and only there."""

import pytest

from innereye.configs.stages.train import TrainSettings
from innereye.data import check_before_reading as module
from innereye.data.check_before_reading import check_before_reading
from innereye.errors import DatasetError
from innereye.io.files import read_table, write_table
from innereye.names import AZUREML_DATA, UNCHECKED_DATA
from phantoms import CHANNELS, FAULTS, MASK, STRUCTURES, write_dataset


@pytest.fixture
def node(tmp_path, monkeypatch):
    """A node that mounts a data set of the cloud, in the folder of a job."""
    monkeypatch.chdir(tmp_path)
    write_dataset(tmp_path / "mnt")
    monkeypatch.setenv(AZUREML_DATA, str(tmp_path / "mnt"))
    monkeypatch.setenv(UNCHECKED_DATA, str(tmp_path / "mnt"))
    return tmp_path


def table_of(node, *subjects):
    rows = read_table(node / "mnt" / "dataset.csv")
    path = node / f"{'_'.join(subjects)}.csv"
    write_table(path, rows[rows["subject"].isin(subjects)])
    return path


def settings(folder):
    return TrainSettings(
        local_dataset=folder,
        image_channels=list(CHANNELS),
        ground_truth_ids=list(STRUCTURES),
        mask_id=MASK,
        class_weights=[0.2, 0.4, 0.4],
    )


def test_all_faults_of_the_rows_are_told_at_once(node):
    for name in ("overlap", "not finite"):
        FAULTS[name][0](node / "mnt" / "dataset.csv")
    tables = [table_of(node, "1"), table_of(node, "2")]
    with pytest.raises(DatasetError, match=r"has 2 faults:\n.*not finite\n.*overlaps"):
        check_before_reading(settings(node / "mnt"), tables)
    check_before_reading(settings(node / "mnt"), [table_of(node, "1", "10")])


def test_many_faults_are_all_in_the_message_as_only_the_log_returns(node):
    subjects = [str(number) for number in range(1, 31)]
    write_dataset(node / "mnt", subjects)
    for path in (node / "mnt").rglob("liver.nii.gz"):
        path.unlink()
    with pytest.raises(DatasetError) as caught:
        check_before_reading(settings(node / "mnt"), [table_of(node, *subjects)])
    assert str(caught.value).count("does not exist") == 30


def test_what_one_job_of_the_node_saw_the_next_does_not_open(node, caplog):
    caplog.set_level("INFO")
    check_before_reading(settings(node / "mnt"), [table_of(node, "1"), table_of(node, "2")])
    check_before_reading(settings(node / "mnt"), [table_of(node, "2", "10")])
    assert "files of 2 of 2 subjects" in caplog.text
    assert "files of 1 of 2 subjects" in caplog.text


def test_an_empty_split_is_no_fault(node):
    check_before_reading(settings(node / "mnt"), [table_of(node)])


def test_data_that_a_check_has_opened_is_left_alone(node, monkeypatch):
    FAULTS["overlap"][0](node / "mnt" / "dataset.csv")
    monkeypatch.delenv(UNCHECKED_DATA)
    check_before_reading(settings(node / "mnt"), [table_of(node, "2")])
    monkeypatch.delenv(AZUREML_DATA)
    check_before_reading(settings(node / "mnt"), [table_of(node, "2")])


def test_with_a_record_the_whole_data_set_is_looked_at_but_not_on_a_node(node, monkeypatch):
    FAULTS["overlap"][0](node / "mnt" / "dataset.csv")
    record = node / "outputs" / "checked_files.json"
    check_before_reading(settings(node / "mnt"), [table_of(node, "1")], record_file=record)
    assert not record.exists()
    monkeypatch.delenv(AZUREML_DATA)
    with pytest.raises(DatasetError, match="overlaps"):
        check_before_reading(settings(node / "mnt"), [table_of(node, "1")], record_file=record)


def test_images_that_are_elsewhere_are_told(tmp_path):
    with pytest.raises(
        DatasetError, match=r"lie in the cloud\. To run there use --profile azureml"
    ):
        check_before_reading(settings(None), [tmp_path / "none.csv"])


def test_the_record_of_a_node_is_hidden_from_its_results():
    assert module.RECORD.parts[0] == ".snakemake"
