"""Is every finished model registered, once, with what people look for?"""

import json
from pathlib import Path

import pytest

from finished_runs import add_run, workspace
from projects import Project
from snakemake_executor_plugin_azureml.record import Record, State, Try
from snakemake_executor_plugin_azureml.registry import (
    environment_tags,
    folder_hash,
    register,
    register_folder,
)
from snakemake_executor_plugin_azureml.workspace import Image, WorkspaceError

RUN = "main_1700000000_0a1b2c3d"
PARENT = "HD_12345678-abcd"
IMAGE = Image(name="innereye:7")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "final_model"
    for name, text in {"checkpoints/last.ckpt": "weights", "environment.yml": "name: x"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_model_has_the_name_the_files_and_the_tags_of_its_run(emulator, folder, tmp_path):
    add_run(emulator, RUN, tags={"model_name": "Lung"})
    used = workspace()
    model_id = register(used, f"main:{RUN}", name="Lung", folder=folder, environment=IMAGE)
    assert model_id == "Lung:1"
    tags = emulator.state.models["Lung:1"]["kvTags"]
    expected = {"model_name": "Lung", "run_recovery_id": f"main:{RUN}"}
    expected |= {"python_environment_name": "innereye", "python_environment_version": "7"}
    assert tags == {**expected, "content_sha256": folder_hash(folder)}
    assert used.run(RUN).tags["model_id"] == "Lung:1"
    assert "final_model/checkpoints/last.ckpt" in used.list_files(RUN)
    got = used.download_model("Lung:1", tmp_path / "got")
    assert (got / "checkpoints" / "last.ckpt").read_text() == "weights"


def test_a_fold_names_its_parent(emulator, folder):
    add_run(emulator, PARENT)
    add_run(emulator, f"{PARENT}_0", parent=PARENT)
    used = workspace()
    register(used, f"main:{PARENT}_0", name="Lung", folder=folder, environment=IMAGE)
    assert used.run(f"{PARENT}_0").tags["parent_run_id"] == PARENT
    assert emulator.state.models["Lung:1"]["kvTags"]["parent_run_id"] == PARENT


def test_a_call_that_was_killed_before_it_could_note_the_model_makes_no_second_one(
    emulator, folder
):
    add_run(emulator, RUN)
    used = workspace()
    values = {"name": "Lung", "folder": folder, "environment": IMAGE}
    assert [register(used, f"main:{RUN}", **values) for _ in range(2)] == ["Lung:1", "Lung:1"]
    assert len(emulator.state.models) == 1


def test_files_of_an_older_version_are_never_written_again(emulator, folder, tmp_path):
    add_run(emulator, RUN)
    used = workspace()
    values = {"name": "Lung", "folder": folder, "environment": IMAGE}
    register(used, f"main:{RUN}", **values)
    (folder / "checkpoints" / "last.ckpt").write_text("trained anew")
    assert register(used, f"main:{RUN}", **values) == "Lung:2"
    texts = [
        (used.download_model(f"Lung:{version}", tmp_path / version) / "checkpoints/last.ckpt")
        for version in ("1", "2")
    ]
    assert [path.read_text() for path in texts] == ["weights", "trained anew"]


def test_a_call_that_was_killed_while_it_uploaded_is_made_good(emulator, folder):
    add_run(emulator, RUN, {"final_model/environment.yml": "na"})
    register(workspace(), f"main:{RUN}", name="Lung", folder=folder, environment=IMAGE)
    assert "final_model_2/environment.yml" in emulator.files(RUN)
    assert emulator.files(RUN)["final_model/environment.yml"].read_text() == "na"


def test_a_model_without_a_run_is_left_out(emulator, folder, tmp_path):
    note = tmp_path / "note.json"
    values = {"name": "Lung", "folder": folder, "environment": IMAGE, "note": note}
    register_folder(workspace(), None, **values)
    assert json.loads(note.read_text()) == {"run": None, "model_id": None}
    assert emulator.state.models == {}
    add_run(emulator, RUN)
    register_folder(workspace(), f"main:{RUN}", **values)
    assert json.loads(note.read_text()) == {"run": f"main:{RUN}", "model_id": "Lung:1"}


def test_a_refusal_leaves_no_marker(emulator, folder, tmp_path):
    add_run(emulator, RUN)
    emulator.fail("POST .*/models$", 403)
    note = tmp_path / "note.json"
    with pytest.raises(WorkspaceError, match="may not"):
        register_folder(
            workspace(), f"main:{RUN}", name="L", folder=folder, environment=IMAGE, note=note
        )
    assert not note.exists()


def test_the_environment_is_named(tmp_path):
    conda = tmp_path / "conda.yaml"
    conda.write_text("name: lungs\ndependencies: []\n")

    def stated(image):
        tags = environment_tags(image)
        return tags["python_environment_name"], tags["python_environment_version"]

    assert stated(Image(name="innereye:7")) == ("innereye", "7")
    assert stated(Image(name="innereye")) == ("innereye", "latest")
    name, version = stated(Image(conda_file=conda))
    conda.write_text("name: lungs\ndependencies: [python]\n")
    assert (name, len(version)) == ("lungs", 12)
    assert stated(Image(conda_file=conda))[1] != version
    assert environment_tags(Image(conda_file=Path("nowhere"))) == {}


def test_the_rule_registers_the_model_of_the_run_that_trained_it(emulator, tmp_path):
    project = Project(tmp_path / "project")
    project.set_up()
    description = project.path("outputs", "final_model", "model_inference_config.json")
    description.parent.mkdir(parents=True)
    description.write_text("{}")
    description.with_name("model_card.md").write_text("# Model card")
    add_run(emulator, RUN)
    trained = ("outputs/checkpoints/last.ckpt",)
    Record(project.path(".snakemake", "azureml", "runs.json")).add(
        "train", Try(RUN, "main", "key", State.COLLECTED, trained)
    )
    note = ".snakemake/azureml/models/INNEREYE_7b8c56be/single.json"
    project.succeed("-c1", "--allowed-rules", "register_model", "--", note)
    content = json.loads(project.path(note).read_text())
    assert content == {"run": f"main:{RUN}", "model_id": "Tiny:1"}
    assert emulator.state.models["Tiny:1"]["runId"] == RUN
