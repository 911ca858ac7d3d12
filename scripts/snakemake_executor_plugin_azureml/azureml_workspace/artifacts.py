"""Where do the files of a run lie? The service of artifacts gives an address for each of them."""

from collections.abc import Iterator
from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.service import Service

ORIGIN = "ExperimentRun"


def container_of(run_id: str) -> str:
    """Return the name of the container of a run's files."""
    return f"dcid.{run_id}"


def paths_in(service: Service, run_id: str) -> Iterator[str]:
    """Give the paths of all files of a run."""
    url = service.url("artifact", "artifacts", ORIGIN, container_of(run_id))
    for record in service.pages(url, f"files of run {run_id}", token="continuationToken"):
        yield record["path"]


def address_of(service: Service, run_id: str, path: str) -> str:
    """Return where one file of a run can be read.

    Raises:
        NotFoundError: the run has no such file (yet).
    """
    url = service.url("artifact", "artifacts", "contentinfo", ORIGIN, container_of(run_id), path)
    return service.read("GET", url, f"file {path} of run {run_id}")["contentUri"]


def addresses_below(service: Service, origin: str, container: str, prefix: str) -> dict[str, str]:
    """Return where the files of a folder can be read, or the one file of that name, by path."""
    url = service.url("artifact", "artifacts", "prefix", "contentinfo", origin, container, prefix)
    about = f"files below {origin}/{container}/{prefix}"
    return {
        record["path"]: record["contentUri"]
        for record in service.pages(url, about, token="continuationToken")
        if record["path"] == prefix or record["path"].startswith(f"{prefix}/")
    }


def places_for(service: Service, run_id: str, paths: list[str]) -> dict[str, str]:
    """Return where new files of a run can be written, by path."""
    container = container_of(run_id)
    about = f"files of run {run_id}"
    url = service.url("artifact", "artifacts", "batch", "metadata", ORIGIN, container)
    answer = service.read("POST", url, about, json={"paths": [{"path": path} for path in paths]})
    made: dict[str, Any] = answer.get("artifactContentInformation") or {}
    places = {path: each["contentUri"] for path, each in made.items() if each.get("contentUri")}
    for path in paths:
        if path not in places:  # it exists already, from a try that was broken off
            known = service.url("artifact", "artifacts", "write", ORIGIN, container, path)
            places[path] = service.read("GET", known, f"file {path} of run {run_id}")["contentUri"]
    return places
