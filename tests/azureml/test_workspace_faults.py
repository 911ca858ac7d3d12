"""Whatever goes wrong on the way, each verb gives in the end what it gives on a good day."""

import pytest

from snakemake_executor_plugin_azureml.workspace import Mount, Status, TransientError
from workspace_calls import (
    Clock,
    asked,
    ended_run,
    open_workspace,
    request_of,
    sources_in,
    write_files,
)

STORE = "workspaceblobstore"
VERBS = {
    "submit": lambda w, here: w.submit(request_of(here / "sources", run_id="new")),
    "start_parent": lambda w, here: w.start_parent("HD_2", "tests", {"a": "1"}),
    "finish_parent": lambda w, here: w.finish_parent("HD_1", Status.COMPLETED),
    "run": lambda w, here: w.run("one"),
    "runs_by_tag": lambda w, here: w.runs_by_tag("tests", "fold", "0"),
    "experiment_runs": lambda w, here: len(w.experiment_runs("tests")),
    "children": lambda w, here: w.children("HD_1"),
    "cancel": lambda w, here: w.cancel("HD_1"),
    "set_tags": lambda w, here: w.set_tags("one", {"b": "2"}),
    "log_tail": lambda w, here: w.log_tail("one", 3),
    "list_files": lambda w, here: w.list_files("one", "outputs"),
    "download_file": lambda w, here: fetched(w.download_file, here, "one", "outputs/a.csv"),
    "upload_folder": lambda w, here: w.upload_folder("one", "final_model", here / "sources"),
    "register_model": lambda w, here: registered(w).partition(":")[0],
    "find_model": lambda w, here: w.find_model("one", name="Lung", tags={}),
    "download_model": lambda w, here: w.download_model("Lung", here / "model").is_dir(),
    "list_blobs": lambda w, here: [blob.path for blob in w.list_blobs(Mount(STORE, "a"))],
    "upload_blob": lambda w, here: w.upload_blob(Mount(STORE, "b/c"), here / "sources" / "a.txt"),
    "download_blob": lambda w, here: fetched(w.download_blob, here, Mount(STORE, "a/b")),
    "data_set_folder": lambda w, here: w.data_set_folder("scans"),
    "clusters": lambda w, here: list(w.clusters()),
    "datastores": lambda w, here: list(w.datastores()),
    "environment_exists": lambda w, here: w.environment_exists("known"),
}
SILENCE_S = 0.4

# What the first requests of a verb meet.
FAULTS = {
    "503": lambda emulator: emulator.fail(".", 503, times=2),
    "429": lambda emulator: emulator.fail(".", 429, times=2, retry_after=7),
    "dropped": lambda emulator: emulator.drop(".", times=2),
    "lost answer": lambda emulator: emulator.drop(".", times=1, after=True),
    "silence": lambda emulator: emulator.hang(".", times=1),
}


def registered(workspace, name="Heart"):
    return workspace.register_model("one", name=name, path="outputs", tags={})


def fetched(verb, here, *place):
    verb(*place, here / "fetched")
    return (here / "fetched").read_bytes()


@pytest.fixture
def here(tmp_path, emulator):
    """A workspace in which there is something for each verb."""
    sources_in(tmp_path / "sources")
    history = emulator.state.history
    parent = history.new_run("tests", "HD_1", None, "")
    history.set_status(parent, "Running")
    ended_run(emulator, "one", parent="HD_1")
    emulator.state.runs["one"]["tags"]["fold"] = "0"
    files = {"outputs/a.csv": "a,b", "user_logs/std_log.txt": "printed"}
    write_files(emulator.state.run_folder("one"), files)
    write_files(emulator.state.blob_path(emulator.state.datastores[STORE]), {"a/b": "content"})
    emulator.state.add_data_set("scans", "innereyedatasets", "my_data")
    emulator.state.add_environment("known")
    return tmp_path


@pytest.fixture
def model(here):
    registered(open_workspace(), "Lung")


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_outlives_what_passes(verb, here, model, emulator):
    clock = Clock()
    workspace = open_workspace(read_s=SILENCE_S, sleep=clock.sleep)
    for name, fault in FAULTS.items():
        with fault(emulator) as struck:
            result = VERBS[verb](workspace, here)
        assert struck.hits, name
        assert result == VERBS[verb](workspace, here), name
    assert 7 in clock.waits_s  # what the service had asked for


def test_each_verb_signs_in_anew_once_when_its_token_has_expired(here, model, emulator):
    workspace, sign_ins = open_workspace(), {}
    for name, verb in VERBS.items():
        before = asked(emulator, "POST", "/token")
        emulator.revoke_tokens()
        verb(workspace, here)
        sign_ins[name] = asked(emulator, "POST", "/token") - before
    # The storage has signatures of its own, which were asked for by the first of these verbs.
    without = {"upload_blob", "download_blob"}
    assert sign_ins == {name: 0 if name in without else 1 for name in VERBS}


def test_every_verb_gives_up_after_as_many_tries_as_it_has(here, model, emulator):
    clock = Clock()
    workspace = open_workspace(tries=4, sleep=clock.sleep)
    for name, verb in VERBS.items():
        clock.waits_s.clear()
        with (
            emulator.fail(".", 503, times=None) as fault,
            pytest.raises(TransientError, match=r"after 4 tries \(503"),
        ):
            verb(workspace, here)
        assert (fault.hits, clock.waits_s) == (4, [1, 2, 4]), name
