"""What is there in the workspace? For the doctor, and for sentences about what is not there."""

from collections.abc import Mapping
from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.part import Part
from snakemake_executor_plugin_azureml.workspace import Cluster, NotFoundError

COMPUTES_VERSION = {"api-version": "2020-02-02"}


class Inventory(Part):
    """The verbs that `azureml_doctor` asks."""

    def clusters(self) -> list[Cluster]:
        """Return the compute clusters of the workspace."""
        url = self._service.url("computes", "computes")
        records = self._service.linked_pages(url, "clusters", params=COMPUTES_VERSION)
        return [
            _cluster(record)
            for record in records
            if (record.get("properties") or {}).get("computeType") == "AmlCompute"
        ]

    def datastores(self) -> list[str]:
        """Return the names of the datastores, the default one first."""
        about = "datastores"
        default = self._service.read("GET", self._service.url("datastore", "default"), about)
        url = self._service.url("datastore", "datastores")
        params = {"count": 100, "includeSecret": "false"}
        records = self._service.pages(url, about, token="continuationToken", params=params)
        names = {record["name"] for record in records} - {default["name"]}
        return [default["name"], *sorted(names)]

    def environment_exists(self, name: str) -> bool:
        """Does the workspace have this environment, NAME or NAME:VERSION?"""
        label, _, version = name.partition(":")
        parts = [label, "versions", version] if version else [label]
        url = self._service.url("environment", "environments", *parts)
        try:
            self._service.read("GET", url, f"environment {name}")
        except NotFoundError:
            return False
        return True


def _cluster(record: Mapping[str, Any]) -> Cluster:
    properties = record["properties"]
    inner = properties.get("properties") or {}
    scale = inner.get("scaleSettings") or {}
    errors = [*(properties.get("provisioningErrors") or []), *(inner.get("errors") or [])]
    words = [(each.get("error") or {}).get("message") or "" for each in errors]
    return Cluster(
        name=record["name"],
        vm_size=inner.get("vmSize") or "",
        state=properties.get("provisioningState") or "",
        min_nodes=int(scale.get("minNodeCount") or 0),
        max_nodes=int(scale.get("maxNodeCount") or 0),
        error=" ".join(dict.fromkeys(filter(None, words))),  # told in two places
    )
