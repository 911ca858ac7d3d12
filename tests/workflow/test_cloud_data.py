"""Where a data set lies decides what a run is told of it, and no path of a node enters the run's name."""

import json
import os
from pathlib import Path

import pytest

from innereye.data.phantoms import make_phantoms
from innereye.errors import ConfigError, DatasetError
from innereye.names import AZUREML_DATA, UNCHECKED_DATA, Split
from innereye.workflow.cloud_data import COPIES, folder_name
from innereye.workflow.identity import write_identity
from innereye.workflow.load import load_plan
from listings import write_listing

IN_CLOUD = {"model": "HelloWorld", "local_dataset": "None", "azure_dataset_id": "phantoms"}


@pytest.fixture(scope="module")
def data_set(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_phantoms(folder, subjects=8, seed=1, size_zyx=(24, 28, 26))
    return folder


@pytest.fixture
def plan_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make the plan of a config in an empty working folder, on this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(AZUREML_DATA, raising=False)
    monkeypatch.setenv(UNCHECKED_DATA, "")  # gone after the test

    def make(fetch=None, **config):
        return load_plan(config, basedir=tmp_path, fetch=fetch)

    return make


def test_a_folder_of_this_machine_is_here_and_can_go_up(plan_of, data_set):
    plan = plan_of(model="HelloWorld", local_dataset=str(data_set))
    assert (plan.azureml_data, plan.azureml_data_folder) == ("", str(data_set))
    assert plan.data_is_local
    both = plan_of(model="HelloWorld", local_dataset="data", azure_dataset_id="phantoms")
    assert (both.azureml_data, both.azureml_data_folder) == ("", "data")


def test_a_data_set_of_the_cloud_is_not_here(plan_of):
    plan = plan_of(**IN_CLOUD)
    assert (plan.azureml_data, plan.azureml_data_folder) == ("phantoms", "")
    assert not plan.data_is_local
    assert json.loads(plan.place) == {"local_dataset": None}
    assert "names the data set 'phantoms' in the cloud storage" in plan.dataset.missing
    assert "--profile azureml" in plan.dataset.missing


def test_the_copy_of_its_table_is_fetched_first_and_described_then(plan_of, data_set):
    asked = []

    def fetch(data_set_id, folder, table):
        asked.append((data_set_id, folder, table))
        write_listing(data_set, folder)

    plan = plan_of(fetch, **IN_CLOUD, split_proportions="0.5,0.25,0.25")
    assert asked == [("phantoms", COPIES / "phantoms", "dataset.csv")]
    assert plan.dataset.missing == ""
    assert sum(len(plan.dataset.splits(-1).subjects(split)) for split in Split) == 8
    assert json.loads(plan.place_of_table) == {"local_dataset": str(COPIES / "phantoms")}
    assert not plan.data_is_local, "only the table is here"


def test_what_is_wrong_with_the_splits_is_said_before_any_job(plan_of, data_set):
    def fetch(_data_set_id, folder, _table):
        write_listing(data_set, folder)

    with pytest.raises(DatasetError, match="no column 'sex'"):
        plan_of(fetch, **IN_CLOUD, group_column="sex")


def test_a_later_call_without_the_cluster_sees_the_copy(plan_of, data_set):
    write_listing(data_set, COPIES / "phantoms")
    before = plan_of(lambda *_: None, **IN_CLOUD).dataset.rows(-1, "Train")
    assert plan_of(**IN_CLOUD).dataset.rows(-1, "Train") == before != "none"


def test_data_on_this_machine_are_fetched_from_nowhere(plan_of, data_set):
    def fetch(*_):
        raise AssertionError("nothing is to be fetched")

    plan_of(fetch, model="HelloWorld", local_dataset=str(data_set))


def test_on_a_node_jobs_read_the_mounted_folder_and_the_run_keeps_its_name(
    plan_of, data_set, monkeypatch
):
    here = plan_of(**IN_CLOUD)
    monkeypatch.setenv(AZUREML_DATA, str(data_set))
    node = plan_of(**IN_CLOUD)
    assert node.data_is_local
    assert node.machine["local_dataset"] == str(data_set)
    assert json.loads(node.place) == {"local_dataset": str(data_set)}
    assert node.dataset.frame is not None
    for name in ("identity", "options", "azureml_data"):
        assert getattr(node, name) == getattr(here, name)
    node.export("scripts")
    assert json.loads(os.environ[f"{node.tag}_MACHINE"])["local_dataset"] == str(data_set)
    assert os.environ[UNCHECKED_DATA] == str(data_set)


def test_on_a_node_with_the_copy_hashes_are_those_of_the_user_s_machine(
    plan_of, data_set, tmp_path, monkeypatch
):
    write_listing(data_set, COPIES / "phantoms")
    rows = plan_of(**IN_CLOUD).dataset.rows(-1, "Train", "Val")
    monkeypatch.setenv(AZUREML_DATA, str(tmp_path / "no images are looked for"))
    assert plan_of(**IN_CLOUD).dataset.rows(-1, "Train", "Val") == rows


def test_a_folder_that_went_up_was_checked_here(plan_of, data_set, monkeypatch):
    monkeypatch.setenv(AZUREML_DATA, str(data_set))
    plan = plan_of(model="HelloWorld", local_dataset="datasets/elsewhere")
    plan.export("scripts")
    assert plan.machine["local_dataset"] == str(data_set)
    assert os.environ[UNCHECKED_DATA] == ""
    assert plan.identity["data set"] == "datasets/elsewhere"


def test_a_node_has_no_earlier_runs_to_compare_with(plan_of, data_set, monkeypatch):
    earlier = {"comparison_blob_storage_paths": "old=/nowhere/old"}
    with pytest.raises(ConfigError, match="/nowhere/old"):
        plan_of(**IN_CLOUD, **earlier)
    monkeypatch.setenv(AZUREML_DATA, str(data_set))
    assert plan_of(**IN_CLOUD, **earlier).baselines.names == []


def test_the_same_name_here_and_in_the_cloud_is_another_run(plan_of):
    write_identity(Path("outputs"), plan_of(**IN_CLOUD).identity)
    plan_of(**IN_CLOUD)
    with pytest.raises(ConfigError) as caught:
        plan_of(model="HelloWorld", local_dataset="phantoms")
    sentence = "holds a run of HelloWorld on phantoms (azure_dataset_id); this one is HelloWorld on"
    assert sentence in str(caught.value)


def test_ids_become_folders_that_no_two_share():
    assert folder_name("my_data-2.0") == "my_data-2.0"
    names = {folder_name(text) for text in ("a/b", "a_b", "a b", "../a_b", ".a_b", "é")}
    assert len(names) == 6
    assert all(name == Path(name).name and not name.startswith(".") for name in names)


def test_a_train_that_is_emptied_is_said_before_any_job(plan_of, data_set):
    with pytest.raises(DatasetError, match="restrict_subjects=0,, leaves Train without subjects"):
        plan_of(model="HelloWorld", local_dataset=str(data_set), restrict_subjects="0,,")
