"""A registered data set is the folder of its definition, found by one look-up."""

import pytest

from snakemake_executor_plugin_azureml.workspace import Mount, WorkspaceError
from workspace_calls import open_workspace


@pytest.fixture
def workspace(emulator):
    return open_workspace()


@pytest.mark.parametrize("as_uri", [True, False])
@pytest.mark.parametrize("path", ["my_data", "a/my data/", "/my_data"])
def test_a_registered_folder_is_found_by_one_question(path, as_uri, workspace, emulator):
    emulator.state.add_data_set(
        "scans", "innereyedatasets", path.replace(" ", "%20"), as_uri=as_uri
    )
    before = len(emulator.requests)
    assert workspace.data_set_folder("scans") == Mount("innereyedatasets", path.strip("/"))
    assert len(emulator.requests) - before == 1


def test_a_name_that_is_not_registered_has_no_folder(workspace):
    assert workspace.data_set_folder("nothing") is None


@pytest.mark.parametrize(
    "definition",
    [
        "paths:\n- pattern: AmlDatastore://store/folder/**\n",
        "paths:\n- folder: azureml://datastores/store/paths/folder/\n",
        '{"blocks": [{"arguments": {"datastores": [{"datastoreName": "store", "path": "folder"}]}}]}',
    ],
)
def test_every_spelling_of_a_folder_is_read(definition, workspace, emulator):
    emulator.state.add_data_set("scans", "store", "folder")
    emulator.state.data_sets["scans"]["dataflow"] = definition
    assert workspace.data_set_folder("scans") == Mount("store", "folder")


@pytest.mark.parametrize(
    ("definition", "count"),
    [
        ("paths:\n- pattern: https://example.org/a.zip\n", 0),
        ("- pattern: AmlDatastore://a/b\n- pattern: AmlDatastore://a/c\n", 2),
    ],
)
def test_a_data_set_that_is_not_one_folder_is_told(definition, count, workspace, emulator):
    emulator.state.add_data_set("scans", "store", "folder")
    emulator.state.data_sets["scans"]["dataflow"] = definition
    with pytest.raises(WorkspaceError, match=f"'scans' is not one folder .* it names {count}"):
        workspace.data_set_folder("scans")
