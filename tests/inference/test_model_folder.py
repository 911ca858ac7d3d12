"""Does the folder of a model name what it holds?"""

import json

from innereye.inference.model_folder import write_model_folder


def folder_of(tmp_path, count):
    checkpoints = [tmp_path / f"{index}.ckpt" for index in range(count)]
    for path in checkpoints:
        path.write_text(path.stem)
    folder = tmp_path / "final_ensemble_model"
    write_model_folder(folder, checkpoints, model_name="Lung", model_configs_namespace="a.b")
    return folder, json.loads((folder / "model_inference_config.json").read_text())


def test_the_first_member_lies_where_a_single_model_does(tmp_path):
    folder, content = folder_of(tmp_path, 2)
    assert content == {
        "model_name": "Lung",
        "checkpoint_paths": ["checkpoints/OTHER_RUNS/1/last.ckpt", "checkpoints/last.ckpt"],
        "model_configs_namespace": "a.b",
    }
    assert [(folder / path).read_text() for path in content["checkpoint_paths"]] == ["1", "0"]


def test_members_of_an_earlier_ensemble_go(tmp_path):
    folder_of(tmp_path, 4)
    folder, content = folder_of(tmp_path, 2)
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ckpt"))
    assert found == content["checkpoint_paths"]
