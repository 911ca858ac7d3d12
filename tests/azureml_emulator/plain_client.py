"""How is a service asked without azureml-core? A client for tests that sends what it is told to.

It finds the emulator by the environment, see `Emulator.environment`.
"""

import uuid
from typing import Any

import requests

from azureml_emulator.emulator import Emulator
from azureml_emulator.history import Record
from azureml_emulator.places import PRINCIPAL, REGION_HOST, SECRET, TENANT, WORKSPACE_PATH

TIMEOUT_S = 30


class PlainClient:
    """A launcher of one emulator that is signed in."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.sign_in()

    def sign_in(self) -> None:
        """Get a token."""
        address = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
        form = {"client_id": PRINCIPAL, "client_secret": SECRET}
        token = requests.post(address, data=form, timeout=TIMEOUT_S).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request; `WS` in the path stands for the workspace."""
        address = f"https://{REGION_HOST}{path.replace('WS', WORKSPACE_PATH)}"
        return requests.request(method, address, headers=self.headers, timeout=TIMEOUT_S, **more)

    def snapshot(self, **texts: str) -> str:
        """Make a snapshot of files, texts by path; return its id."""
        name = str(uuid.uuid4())
        places = self.ask(
            "POST", "/content/v2.0WS/snapshots/getblob", json={"FileNames": list(texts)}
        ).json()["fileNodes"]
        for place in places:
            assert put(place["blobUri"], texts[place["fullName"]]).status_code == 201
        body = {
            "DirTreeNode": {"children": {text: {"type": "File"} for text in texts}},
            "FileRevisionList": {
                "FileNodes": [
                    {"FullName": place["fullName"], "BlobUri": place["blobUri"]} for place in places
                ]
            },
        }
        answer = self.ask("POST", f"/content/v2.0WS/snapshots/{name}", json=body)
        assert answer.status_code == 200, answer.text
        return name

    def submit(self, command: str, run_id: str = "one", **spec: Any) -> requests.Response:
        """Start a run of the experiment `tests`; `spec` is added to its definition."""
        definition = {
            "Configuration": {"command": command, "target": "gpu-cluster", **spec},
            "SnapshotId": self.snapshot(note="part of the snapshot"),
        }
        path = f"/execution/v1.0WS/experiments/tests/snapshotrun?runId={run_id}"
        return self.ask("POST", path, json=definition)

    def cancel(self, run_id: str = "one") -> requests.Response:
        """Ask for the end of a run."""
        address = self.emulator.state.runs[run_id]["cancelUri"]
        return requests.post(address, headers=self.headers, timeout=TIMEOUT_S)

    def run_to_the_end(self, command: str, run_id: str = "one", **spec: Any) -> Record:
        """Start a run and wait for its end; return it."""
        answer = self.submit(command, run_id, **spec)
        assert answer.status_code == 200, answer.text
        return self.emulator.wait(run_id)

    def list_artifacts(self, run_id: str, **query: str) -> dict[str, Any]:
        """Return a page of the files of a run."""
        path = f"/artifact/v2.0WS/artifacts/ExperimentRun/dcid.{run_id}"
        return self.ask("GET", path, params=query).json()

    def artifact(self, run_id: str, path: str) -> requests.Response:
        """Ask for the address of a file of a run."""
        place = f"/artifact/v2.0WS/artifacts/contentinfo/ExperimentRun/dcid.{run_id}/{path}"
        return self.ask("GET", place)

    def datastore_sas(self, name: str = "workspaceblobstore") -> str:
        """Return the signature that opens a datastore."""
        answer = self.ask("GET", f"/datastore/v1.0WS/datastores/{name}").json()
        return answer["azureStorageSection"]["sasToken"]


def put(address: str, text: str) -> requests.Response:
    """Write a blob."""
    headers = {"x-ms-blob-type": "BlockBlob"}
    return requests.put(address, data=text.encode(), headers=headers, timeout=TIMEOUT_S)
