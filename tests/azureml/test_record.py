"""The record of runs outlives the launcher, whenever it dies."""

import json

import pytest

from snakemake_executor_plugin_azureml.record import Parent, Record, State, Try
from snakemake_executor_plugin_azureml.session import parent_of, run_of_folder


@pytest.fixture
def file(tmp_path):
    return tmp_path / "azureml" / "runs.json"


def test_what_was_noted_is_there_for_the_next_launcher(file):
    record = Record(file)
    record.add("job", Try("r1", "main", "k1", outputs=("a.csv",)))
    record.mark("r1", State.FAILED)
    record.add("job", Try("r1-r2", "main", "k1"))
    again = Record(file)
    assert [(each.run_id, each.state) for each in again.tries("job")] == [
        ("r1", State.FAILED),
        ("r1-r2", State.SUBMITTED),
    ]
    assert again.tries("other") == []


def test_a_file_belongs_to_the_newest_run_that_brought_it(file):
    record = Record(file)
    for run_id in ("r1", "r2", "r3"):
        record.add("job", Try(run_id, "main", "k", outputs=("outputs/checkpoints/last.ckpt",)))
    record.mark("r1", State.COLLECTED)
    record.mark("r2", State.COLLECTED)
    assert run_of_folder("outputs", file) == "main:r2"
    assert run_of_folder("outputs/CrossValResults/0", file) is None


def test_the_newest_parent_counts_and_keeps_its_children(file):
    record = Record(file)
    record.set_parent("cv", Parent("HD_1", "main", {"0": "a"}))
    record.set_parent("cv", Parent("HD_1", "main", {"0": "a", "1": "b"}))
    record.set_parent("cv", Parent("HD_2", "main", {"0": "a"}))
    assert Record(file).parent("cv") == Parent("HD_2", "main", {"0": "a"})
    assert len(json.loads(file.read_text())["parents"]["cv"]) == 2
    assert parent_of("cv", file) == "main:HD_2"
    assert parent_of("other", file) is None


def test_a_broken_off_write_leaves_the_old_record(file):
    record = Record(file)
    record.add("job", Try("r1", "main", "k1"))
    file.with_suffix(".part").write_text("{ half")
    assert Record(file).tries("job")[0].run_id == "r1"
