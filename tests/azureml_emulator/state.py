"""What does the workspace hold? Runs, blobs, models, clusters, environments and data sets."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azureml_emulator.blobs import Blobs
from azureml_emulator.clusters import Cluster
from azureml_emulator.exchange import HttpError
from azureml_emulator.faults import Hold, Withheld
from azureml_emulator.history import History, Record
from azureml_emulator.jobs import Job, Surroundings
from azureml_emulator.nodes import Nodes, Work
from azureml_emulator.places import (
    ARTIFACT_CONTAINER,
    DATASTORES,
    REGION_HOST,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    WORKSPACE,
    WORKSPACE_ID,
    WORKSPACE_PATH,
)
from azureml_emulator.settings import Settings
from azureml_emulator.tokens import Tokens

STOP_S = 10


@dataclass
class State:
    """The workspace; `node_variables` is the environment of every job."""

    root: Path
    settings: Settings
    clusters: dict[str, Cluster]
    node_variables: Callable[[], dict[str, str]]
    tokens: Tokens = field(default_factory=Tokens)
    history: History = field(default_factory=History)
    lock: threading.RLock = field(default_factory=threading.RLock)
    jobs: dict[str, Job] = field(default_factory=dict)
    snapshots: dict[str, dict[str, str]] = field(default_factory=dict)
    """By id: the blobs in the container of snapshots, by path."""
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    environments: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """By name and version."""
    data_sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    datastores: dict[str, str] = field(default_factory=lambda: dict(DATASTORES))
    """The containers, by name; the first one is the default."""
    withheld: list[Withheld] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blobs = Blobs(self.root / "blobs")

    @property
    def runs(self) -> dict[str, Record]:
        """All runs by id, as clients see them."""
        return self.history.runs

    def blob_path(self, container: str, name: str = "") -> Path:
        """Return where a blob lies, or a container."""
        return self.blobs.path(container, name)

    def is_withheld(self, path: str, *, in_list: bool) -> bool:
        """Say whether a file `RUN/PATH` has not arrived for one who asks."""
        return any(each.hides(path, in_list=in_list) for each in self.withheld)

    # ---- jobs
    def start_job(self, record: Record) -> None:
        """Let a submitted run live."""
        around = Surroundings(
            self.history, self.blobs, self.settings, self.holds, make_nodes=self.make_nodes
        )
        job = Job(around, record, self.clusters[record["_spec"]["target"]])
        self.jobs[record["runId"]] = job
        job.start()

    def make_nodes(self, record: Record, attempt: int) -> Nodes:
        """Return the nodes of one attempt, not yet started."""
        spec, run_id = record["_spec"], record["runId"]
        node_count = int(spec.get("nodeCount") or 1)
        torch = spec.get("pytorch") or {}
        is_distributed = (spec.get("framework") or "").lower() == "pytorch"
        processes = int(torch.get("processCount") or node_count) if is_distributed else 1
        work = Work(
            folder=self.root / "nodes" / run_id / str(attempt),
            command=spec["command"],
            snapshot={
                path: self.blobs.path("snapshots", name)
                for path, name in self.snapshots[record["_snapshot"]].items()
            },
            variables=self._variables(record),
            node_count=node_count,
            processes_per_node=max(1, processes // node_count) if is_distributed else 1,
            artifacts=self.blobs.artifact_path("ExperimentRun", record["dataContainerId"]),
            keep=self.settings.keep_nodes,
            is_distributed=is_distributed,
        )
        return Nodes(work, self.blobs)

    def _variables(self, record: Record) -> dict[str, str]:
        spec = record["_spec"]
        variables = self.node_variables() | self.settings.node_variables
        variables |= {
            "AZUREML_RUN_ID": record["runId"],
            "AZUREML_ROOT_RUN_ID": record["rootRunId"],
            "AZUREML_ARM_SUBSCRIPTION": SUBSCRIPTION,
            "AZUREML_ARM_RESOURCEGROUP": RESOURCE_GROUP,
            "AZUREML_ARM_WORKSPACE_NAME": WORKSPACE,
            "AZUREML_ARM_PROJECT_NAME": record["_experiment"],
            "AZUREML_WORKSPACE_ID": WORKSPACE_ID,
            "AZUREML_EXPERIMENT_ID": record["experimentId"],
            "AZUREML_EXPERIMENT_SCOPE": f"{WORKSPACE_PATH}/experiments/{record['_experiment']}",
            "AZUREML_SERVICE_ENDPOINT": f"https://{REGION_HOST}",
            "AZUREML_RUN_TOKEN": self.tokens.issue(self.settings.token_lifetime_s),
            "AZ_BATCHAI_CLUSTER_NAME": spec["target"],
        }
        image = (spec.get("environment") or {}).get("environmentVariables") or {}
        own = spec.get("environmentVariables") or {}
        variables |= {name: str(text) for name, text in {**image, **own}.items()}
        for name, reference in (spec.get("dataReferences") or {}).items():
            variables[f"AZUREML_DATAREFERENCE_{name}"] = str(self._mounted(reference))
        return variables

    def _mounted(self, reference: dict[str, Any]) -> Path:
        store = reference["dataStoreName"]
        if reference["mode"].lower() != "mount":
            raise HttpError(501, "NotEmulated", f"data reference {reference}")
        folder = self.blobs.path(self.datastores[store], reference.get("pathOnDataStore") or "")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def stop(self) -> None:
        """End all jobs."""
        for job in list(self.jobs.values()):
            job.stop()
        for job in list(self.jobs.values()):
            job.join(STOP_S)

    # ---- what tests put in
    def add_environment(self, name: str, version: str = "1") -> None:
        """Register an environment."""
        self.environments.setdefault(name, {})[version] = {
            "name": name,
            "version": version,
            "python": {"userManagedDependencies": True},
        }

    def add_data_set(self, name: str, datastore: str, path: str, *, as_uri: bool = False) -> None:
        """Register a folder of a datastore under a name, as an older or a newer client does."""
        uri = f"azureml:/{WORKSPACE_PATH}/datastores/{datastore}/paths/{path.strip('/')}/**"
        place = {
            "datastoreName": datastore,
            "path": path,
            "resourceGroup": RESOURCE_GROUP,
            "subscription": SUBSCRIPTION,
            "workspaceName": WORKSPACE,
        }
        block = {
            "id": str(uuid.uuid4()),
            "type": "Microsoft.DPrep.GetDatastoreFilesBlock",
            "arguments": {"datastores": [place]},
            "localData": {},
            "isEnabled": True,
            "name": None,
            "annotation": None,
        }
        blocks = json.dumps({"blocks": [block], "inspectors": [], "meta": {}})
        self.data_sets[name] = {
            "id": str(uuid.uuid4()),
            "savedId": str(uuid.uuid4()),
            "dataflow": f"paths:\n- pattern: {uri}\n" if as_uri else blocks,
        }

    def run_folder(self, run_id: str) -> Path:
        """Return where the files of a run lie: outputs/, logs/, user_logs/."""
        return self.blobs.path(ARTIFACT_CONTAINER, f"ExperimentRun/dcid.{run_id}")
