"""Models are registered once, found again and fetched whole."""

import pytest

from snakemake_executor_plugin_azureml.workspace import NotFoundError
from workspace_calls import asked, ended_run, open_workspace, write_files

FILES = {"final_model/a.txt": "a", "final_model/checkpoints/b.ckpt": b"\0\1", "final_model2/c": "c"}


@pytest.fixture
def workspace(emulator):
    ended_run(emulator, "one")
    write_files(emulator.state.run_folder("one"), FILES)
    return open_workspace()


def register(workspace, name="Lung", path="final_model", **tags):
    return workspace.register_model("one", name=name, path=path, tags=tags)


def test_versions_are_counted_for_each_name(workspace, emulator):
    ids = [register(workspace, hash="x"), register(workspace), register(workspace, "Heart")]
    assert ids == ["Lung:1", "Lung:2", "Heart:1"]
    model = emulator.state.models["Lung:1"]
    assert (model["kvTags"], model["runId"], model["experimentName"]) == (
        {"hash": "x"},
        "one",
        "tests",
    )


@pytest.mark.parametrize("name", ["Lung:1", "Lung"])
def test_a_model_is_fetched_as_the_folder_that_was_registered(name, workspace, tmp_path):
    register(workspace)
    place = workspace.download_model(name, tmp_path / "here")
    assert place == tmp_path / "here" / "final_model"
    found = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*.*")}
    assert found == {"a.txt": b"a", "checkpoints/b.ckpt": b"\0\1"}


def test_the_newest_version_is_the_one_without_a_number(workspace, tmp_path):
    register(workspace, path="final_model/a.txt")
    register(workspace, path="final_model/checkpoints")
    assert workspace.download_model("Lung", tmp_path).name == "checkpoints"
    assert workspace.download_model("Lung:1", tmp_path).name == "a.txt"


@pytest.mark.parametrize("name", ["Nobody", "Nobody:3"])
def test_a_model_that_is_not_there_is_named(name, workspace, tmp_path):
    with pytest.raises(NotFoundError, match=f"no model {name}"):
        workspace.download_model(name, tmp_path)


def test_a_folder_without_files_is_no_model(workspace):
    with pytest.raises(NotFoundError, match="Run one has no files below final_mod to register"):
        register(workspace, path="final_mod")


@pytest.mark.parametrize("lost", ["drop", "hang"])
def test_a_registration_whose_answer_is_lost_makes_one_version(lost, emulator, workspace):
    workspace = open_workspace(read_s=0.5) if lost == "hang" else workspace
    with getattr(emulator, lost)("POST .*/models$", after=True):
        assert register(workspace) == "Lung:1"
    assert list(emulator.state.models) == ["Lung:1"]


def test_a_refused_registration_is_made_again(workspace, emulator):
    emulator.fail("POST .*/models$", 503)
    assert register(workspace) == "Lung:1"
    assert asked(emulator, "POST", "/models") == 2


def test_a_model_is_found_by_its_run_and_tags(workspace, emulator):
    emulator.settings.page_size = 1
    ids = [register(workspace, hash=text, fold="0") for text in ("x", "y", "x")]
    register(workspace, "Heart", hash="x")
    assert workspace.find_model("one", name="Lung", tags={"hash": "x"}) == ids[2]
    assert workspace.find_model("one", name="Lung", tags={"hash": "y", "fold": "0"}) == ids[1]
    assert workspace.find_model("one", name="Lung", tags={"hash": "z"}) is None
    assert workspace.find_model("two", name="Lung", tags={}) is None
