"""How do models get into the registry of the workspace, and out of it?"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.artifacts import (
    ORIGIN,
    addresses_below,
    container_of,
)
from snakemake_executor_plugin_azureml.azureml_workspace.blobs import get_blob
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.azureml_workspace.runs import Runs
from snakemake_executor_plugin_azureml.workspace import NotFoundError, WorkspaceError

ASSET = "aml://asset/"
DOWNLOADS_AT_ONCE = 8


class Models(Runs):
    """The verbs on models."""

    def register_model(self, run_id: str, *, name: str, path: str, tags: Mapping[str, str]) -> str:
        """Register a folder or file of a run as a model; return its id, NAME:VERSION."""
        path = path.strip("/")
        container = container_of(run_id)
        if not addresses_below(self._service, ORIGIN, container, path):
            raise NotFoundError(f"Run {run_id} has no files below {path} to register as {name}.")
        asset = self._service.read(
            "POST",
            self._service.url("models", "assets"),
            f"model {name}",
            json={
                "name": name,
                "artifacts": [{"prefix": f"{ORIGIN}/{container}/{path}"}],
                "runid": run_id,
            },
        )
        url = f"{ASSET}{asset['id']}"
        model = {
            "name": name,
            "url": url,
            "mimeType": "application/json",
            "unpack": False,
            "datasets": [],
            "runId": run_id,
            "experimentName": self.run(run_id).experiment,
            "kvTags": {str(key): str(value) for key, value in tags.items()},
        }
        return self._service.persist(lambda: self._register(model), f"model {name}")

    def find_model(self, run_id: str, *, name: str, tags: Mapping[str, str]) -> str | None:
        """Return the newest model of this name and with these tags that a run registered, or None."""
        url, params = self._service.url("models", "models"), {"name": name, "runId": run_id}
        models = self._service.linked_pages(url, f"model {name}", params=params)
        found = [each for each in models if tags.items() <= (each.get("kvTags") or {}).items()]
        return max(found, key=lambda each: each["version"])["id"] if found else None

    def download_model(self, model_id: str, folder: Path) -> Path:
        """Fetch a model NAME:VERSION, or the newest NAME, into a folder; return where it lies."""
        about = f"model {model_id}"
        asset_id = self._model(model_id)["url"].removeprefix(ASSET)
        asset = self._service.read("GET", self._service.url("models", "assets", asset_id), about)
        addresses = {}
        for artifact in asset.get("artifacts") or []:
            origin, container, path = (artifact.get("prefix") or artifact["id"]).split("/", 2)
            for found, url in addresses_below(self._service, origin, container, path).items():
                addresses[PurePosixPath(found).relative_to(PurePosixPath(path).parent)] = url
        if not addresses:
            raise WorkspaceError(f"The {about} has no files.")

        def fetch(item: tuple[PurePosixPath, str]) -> None:
            place, url = item
            get_blob(self._service, lambda: url, folder / place, f"file {place} of {about}")

        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            list(pool.map(fetch, addresses.items()))
        tops = {place.parts[0] for place in addresses}
        return folder / tops.pop() if len(tops) == 1 else folder

    def _register(self, model: dict[str, Any]) -> str:
        """Register once: an answer that was lost must not end in a second version."""
        url = self._service.url("models", "models")
        try:
            return self._service.once("POST", url, json=model).json()["id"]
        except RefusedError as refusal:
            if not refusal.passes:
                raise
            params = {"name": model["name"], "runId": model["runId"]}
            known = self._service.once("GET", url, params=params).json().get("value") or []
            for each in known:
                if each["url"] == model["url"]:
                    return each["id"]
            raise

    def _model(self, model_id: str) -> dict[str, Any]:
        about = f"model {model_id}"
        if ":" in model_id:
            return self._service.read("GET", self._service.url("models", "models", model_id), about)
        params = {"name": model_id, "count": 1}
        answer = self._service.read(
            "GET", self._service.url("models", "models"), about, params=params
        )
        newest = answer.get("value") or []
        if not newest:
            raise NotFoundError(f"The workspace {self.name} has no {about}.")
        return newest[0]
