"""Do results that were made on the user's machine come to the files of their run?"""

import json

import pytest

from finished_runs import add_run, workspace
from snakemake_executor_plugin_azureml.cloud_runs import fetch_run
from snakemake_executor_plugin_azureml.uploaded_results import place_in_run, upload_results

PARENT = "HD_12345678-abcd"
RESULTS = {
    "outputs/CrossValResults/0/epoch_002/Test/metrics.csv": "Patient,Structure,Dice\n1,lung,1\n",
    "outputs/CrossValResults/Dice_Test_Splits.png": "picture",
}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in RESULTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return list(RESULTS)


def texts(emulator, run_id):
    return {name: path.read_text() for name, path in emulator.files(run_id).items()}


def test_results_lie_in_the_run_where_they_lie_here(emulator, files, tmp_path):
    add_run(emulator, PARENT)
    upload_results(workspace(), f"main:{PARENT}", files, tmp_path / "note.json")
    assert texts(emulator, PARENT) == RESULTS
    assert json.loads((tmp_path / "note.json").read_text()) == {
        "run": f"main:{PARENT}",
        "uploaded": 2,
    }


def test_what_was_uploaded_can_be_compared_later(emulator, files, tmp_path):
    add_run(emulator, PARENT)
    add_run(emulator, f"{PARENT}_0", parent=PARENT)
    upload_results(workspace(), f"main:{PARENT}", files, tmp_path / "note.json")
    folder = fetch_run(workspace(), f"main:{PARENT}", tmp_path / "runs")
    scores = folder / "CrossValResults/0/epoch_002/Test/metrics.csv"
    assert scores.read_text() == RESULTS[files[0]]


def test_what_the_run_has_already_stays_as_it_is(emulator, files, tmp_path):
    add_run(emulator, PARENT, {files[0]: "made by the run"})
    for uploaded in (1, 0):
        upload_results(workspace(), f"main:{PARENT}", files, tmp_path / "note.json")
        assert json.loads((tmp_path / "note.json").read_text())["uploaded"] == uploaded
    assert texts(emulator, PARENT)[files[0]] == "made by the run"


def test_results_without_a_run_stay_here(emulator, files, tmp_path):
    upload_results(workspace(), None, files, tmp_path / "note.json")
    assert json.loads((tmp_path / "note.json").read_text()) == {"run": None, "uploaded": 0}


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("outputs/a.csv", "outputs/a.csv"),
        ("results/lung/a.csv", "outputs/results/lung/a.csv"),
        ("/data/lung/a.csv", "outputs/data/lung/a.csv"),
    ],
)
def test_every_result_has_a_place_below_outputs(file, place):
    assert place_in_run(file) == place
