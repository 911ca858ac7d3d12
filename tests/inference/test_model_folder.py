"""Does the folder of a model name what it holds, and hold what the model needs elsewhere?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from innereye.errors import CheckpointError, ConfigError
from innereye.inference.model_code import ModelCode
from innereye.inference.model_folder import (
    reported_checkpoints,
    require_short,
    write_model_folder,
)
from innereye.metrics.runs.reported_epoch_file import write_reported_epoch

PLUGIN = "snakemake_executor_plugin_azureml"


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(f"{path.name}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def code(tmp_path):
    """A user's code folder with results and leftovers in it, and a program in the working folder."""
    write(tmp_path / "MyCode", ML__configs__Lung="", results__old="")
    for leftover in (".git/config", "ML/__pycache__/Lung.pyc"):
        path = tmp_path / "MyCode" / leftover
        path.parent.mkdir()
        path.write_text("")
    write(tmp_path, score="print('scored')")
    outputs = tmp_path / "MyCode" / "results"
    return ModelCode(tmp_path / "MyCode", outputs, project=tmp_path)


def folder_of(tmp_path, count, code):
    checkpoints = [tmp_path / f"{index}.ckpt" for index in range(count)]
    for path in checkpoints:
        path.write_text(path.stem)
    folder = tmp_path / "final_ensemble_model"
    names = {"model_name": "Lung", "model_configs_namespace": "a.b", "settings": "{}"}
    write_model_folder(folder, checkpoints, code=code, **names)
    return folder, json.loads((folder / "model_inference_config.json").read_text())


def test_the_first_member_lies_where_a_single_model_does(tmp_path, code):
    folder, content = folder_of(tmp_path, 2, code)
    assert content == {
        "model_name": "Lung",
        "checkpoint_paths": ["checkpoints/OTHER_RUNS/1/last.ckpt", "checkpoints/last.ckpt"],
        "model_configs_namespace": "a.b",
    }
    assert list(content) == ["model_name", "checkpoint_paths", "model_configs_namespace"]
    assert [(folder / path).read_text() for path in content["checkpoint_paths"]] == ["1", "0"]


def test_members_of_an_earlier_ensemble_go(tmp_path, code):
    folder_of(tmp_path, 4, code)
    folder, content = folder_of(tmp_path, 2, code)
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ckpt"))
    assert found == content["checkpoint_paths"]


def test_the_users_code_comes_along_without_results_and_leftovers(tmp_path, code):
    folder, _ = folder_of(tmp_path, 1, code)
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    own = {name for name in files if not name.startswith("innereye/")}
    assert own == {
        "MyCode/ML/configs/Lung.py",
        "checkpoints/last.ckpt",
        "environment.yml",
        "inference_settings.json",
        "model_inference_config.json",
        "score.py",
    }
    assert "pytorch-lightning==" in (folder / "environment.yml").read_text()


def test_the_package_in_the_folder_works_without_the_pipeline(tmp_path, code):
    folder, _ = folder_of(tmp_path, 1, code)
    program = "import innereye.inference.segment as s; print(s.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()) == folder / "innereye" / "inference" / "segment.py"
    assert not (folder / PLUGIN).exists()


def test_a_changed_program_leaves_the_packed_one_alone(tmp_path, code):
    folder, _ = folder_of(tmp_path, 1, code)
    with (tmp_path / "score.py").open("a") as stream:
        stream.write("\n1 / 0")
    assert (folder / "score.py").read_text() == "print('scored')"


def test_a_code_folder_that_is_not_there_is_named(tmp_path):
    code = ModelCode(Path("NoSuchCode"), tmp_path / "outputs", project=tmp_path)
    with pytest.raises(ConfigError, match="NoSuchCode is not a folder"):
        folder_of(tmp_path, 1, code)


def test_a_checkpoint_path_that_is_too_long_is_refused():
    require_short([Path("a" * 260)])
    with pytest.raises(CheckpointError, match="has 261 characters; allowed are 260"):
        require_short([Path("a"), Path("a" * 261)])


def test_the_reported_epoch_is_packed(tmp_path):
    for epoch, dice in ((2, 0.9), (4, 0.5)):
        metrics = tmp_path / f"epoch_{epoch:03d}" / "Val" / "metrics.csv"
        metrics.parent.mkdir(parents=True)
        metrics.write_text(f"Patient,Structure,Dice\n1,lung,{dice}\n")
    write_reported_epoch(tmp_path / "epoch.json", 4, "it was chosen")

    def packed(epochs=(2, 4), has_val=True, epoch_json=None, members=(tmp_path,)):
        found = reported_checkpoints(members, epochs=epochs, has_val=has_val, epoch_json=epoch_json)
        return [path.name for path in found]

    assert packed() == ["epoch_002.ckpt"]
    assert packed(has_val=False) == ["epoch_004.ckpt"]
    both = {"members": (tmp_path, tmp_path), "epoch_json": tmp_path / "epoch.json"}
    assert packed(**both) == ["epoch_004.ckpt"] * 2
