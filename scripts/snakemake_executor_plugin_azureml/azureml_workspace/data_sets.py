"""Where does a registered data set lie? One look-up, without azureml-dataprep."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from snakemake_executor_plugin_azureml.azureml_workspace.service import Service
from snakemake_executor_plugin_azureml.workspace import Mount, NotFoundError, WorkspaceError

# How definitions name a folder: azureml://.../datastores/NAME/paths/PATH and AmlDatastore://NAME/PATH.
LONG = re.compile(r"azureml://[^\s'\"]*?datastores/([^/\s'\"]+)/paths/([^\s'\"\\]*)")
SHORT = re.compile(r"AmlDatastore://([^/\s'\"]+)/([^\s'\"\\]*)", re.IGNORECASE)


def folder_of_data_set(service: Service, name: str) -> Mount | None:
    """Return the folder of the newest version of a registered data set, or None.

    Raises:
        WorkspaceError: the data set is registered, but it is not one folder.
    """
    url = f"{service.url('dataset', 'datasets', 'query')}/name={quote(name, safe='')}"
    try:
        record = service.read("GET", url, f"data set {name}")
    except NotFoundError:
        return None
    latest = record.get("latest") or {}
    mounts = set(_mounts_of(latest))
    if len(mounts) != 1:
        raise WorkspaceError(
            f"The registered data set {name!r} is not one folder of a datastore: it names "
            f"{len(mounts)}. Register a folder, or state the name of one in the datasets container."
        )
    return mounts.pop()


def _mounts_of(definition: Mapping[str, Any]) -> Iterator[Mount]:
    path = definition.get("dataPath") or {}
    if path.get("datastoreName"):
        yield _mount(path["datastoreName"], path.get("relativePath") or "")
    flow = str(definition.get("dataflow") or "")
    for pattern in (LONG, SHORT):
        for store, folder in pattern.findall(flow):
            yield _mount(store, folder)
    try:
        steps = json.loads(flow)
    except ValueError:
        return
    for each in _objects_in(steps):
        if "datastoreName" in each and "path" in each:
            yield _mount(each["datastoreName"], each["path"])


def _objects_in(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects_in(each)


def _mount(store: str, folder: str) -> Mount:
    """Return a folder without the pattern `**` that stands for all files below it."""
    return Mount(store, unquote(folder).split("*")[0].strip("/"))
