"""A cloud on loopback: start it, point a client to it, look at what was asked, and make it fail."""

import os
import re
import threading
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import azureml_emulator.services  # noqa: F401 - registers the routes
from azureml_emulator.certificates import make_certificates
from azureml_emulator.clusters import Cluster
from azureml_emulator.exchange import (
    HangUpError,
    HttpError,
    Request,
    Response,
    error_reply,
    find_route,
)
from azureml_emulator.faults import Fault, Faults, Hold, Withheld
from azureml_emulator.history import TERMINAL, Record
from azureml_emulator.image import make_image
from azureml_emulator.places import (
    PRINCIPAL,
    RESOURCE_GROUP,
    SECRET,
    SUBSCRIPTION,
    TENANT,
    WORKSPACE,
)
from azureml_emulator.server import Server
from azureml_emulator.settings import Settings
from azureml_emulator.state import State

CLUSTERS = {"gpu-cluster": 4, "cpu-cluster": 2}
NOT_ON_NODES = ("HOME", "AZURE_CONFIG_DIR")
HUNG_UP = 0
STOP_LOOK_S = 0.05


class Asked(NamedTuple):
    """One request that was answered; status 0: the connection ended without an answer."""

    service: str
    method: str
    path: str
    status: int


class Emulator:
    """The whole cloud. Use it in a `with`."""

    def __init__(
        self,
        root: str | os.PathLike[str],
        port: int = 0,
        *,
        compute: dict[str, int] | None = None,
        home: str | os.PathLike[str] | None = None,
    ) -> None:
        self.root = Path(root).resolve()
        self.home = Path(home or self.root / "home").resolve()
        self.settings = Settings()
        self.requests: list[Asked] = []
        self.leaks: list[str] = []
        """Requests, but for the sign-in, in which the secret was seen."""
        self.bugs: list[str] = []
        """Requests that are not emulated, or were answered by an exception of the emulator."""
        self.faults = Faults()
        self.ca_file, tls = make_certificates(self.root / "certificates")
        self._image = make_image(self.root / "image")
        self._stopped = threading.Event()
        self._server = Server(port, tls, self._answer)
        nodes = compute or CLUSTERS
        clusters = {name: Cluster(name, max_nodes) for name, max_nodes in nodes.items()}
        self.state = State(self.root, self.settings, clusters, self._node_environment)

    # ---- life
    @property
    def port(self) -> int:
        """The one port of 127.0.0.1 that all services are behind."""
        return int(self._server.server_address[1])

    @property
    def refused(self) -> list[str]:
        """Hosts that were asked for and are not emulated."""
        return self._server.refused

    def start(self) -> Self:
        """Serve in the background."""
        serve = partial(self._server.serve_forever, poll_interval=STOP_LOOK_S)
        threading.Thread(target=serve, daemon=True, name="emulator").start()
        return self

    def stop(self) -> None:
        """End all jobs and all waiting requests."""
        self._stopped.set()
        self.state.stop()
        self._server.shutdown()
        self._server.server_close()

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ---- what clients need
    def client_environment(self) -> dict[str, str]:
        """Return variables by which a process reaches this emulator and nothing else."""
        proxy = f"http://127.0.0.1:{self.port}"
        self.home.mkdir(parents=True, exist_ok=True)
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": str(self.ca_file),
            "SSL_CERT_FILE": str(self.ca_file),
            "HOME": str(self.home),
            "AZURE_CONFIG_DIR": str(self.home / ".azure"),
            "AZUREML_CURRENT_CLOUD": "AzureCloud",
            "AZUREML_DEFAULT_BACKOFF": "1",
            "AZUREML_DEFAULT_500_BACKOFF": "0",
            "AZUREML_DEFAULT_503_BACKOFF": "0",
        }

    def environment(self) -> dict[str, str]:
        """Return the environment of a launcher: the way, who we are, and which workspace."""
        return self.client_environment() | {
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": PRINCIPAL,
            "AZURE_CLIENT_SECRET": SECRET,
            "SNAKEMAKE_AZUREML_SUBSCRIPTION_ID": SUBSCRIPTION,
            "SNAKEMAKE_AZUREML_RESOURCE_GROUP": RESOURCE_GROUP,
            "SNAKEMAKE_AZUREML_WORKSPACE": WORKSPACE,
            "SNAKEMAKE_AZUREML_CLUSTER": next(iter(self.state.clusters)),
        }

    def _node_environment(self) -> dict[str, str]:
        way = self.client_environment()
        return self._image | {name: way[name] for name in way.keys() - set(NOT_ON_NODES)}

    # ---- faults, see faults.py for the words
    def fail(self, pattern: str, status: int, times: int | None = 1, **more: Any) -> Fault:
        """Refuse requests with a status; more: seconds, retry_after, service, after, code, message."""
        return self._fault(pattern, "status", status=status, times=times, **more)

    def drop(self, pattern: str, times: int | None = 1, **more: Any) -> Fault:
        """End the connection without an answer; with `after=True` the request has taken effect."""
        return self._fault(pattern, "drop", times=times, **more)

    def hang(self, pattern: str, times: int | None = 1, **more: Any) -> Fault:
        """Give no answer until the client gives up, or the fault is cleared."""
        return self._fault(pattern, "hang", times=times, **more)

    def _fault(self, pattern: str, kind: str, **more: Any) -> Fault:
        return self.faults.add(Fault(re.compile(pattern), kind, **more))

    def withhold(self, pattern: str, *, listed: bool = True, looks: int | None = None) -> Withheld:
        """Let files of runs, `RUN/outputs/...`, not arrive; `looks`: only after so many looks."""
        self.state.withheld.append(withheld := Withheld(re.compile(pattern), listed, looks))
        return withheld

    def revoke_tokens(self) -> None:
        """All tokens that were issued so far have expired."""
        self.state.tokens.revoke()

    # ---- runs
    def hold(self, status: str, runs: str = "") -> Hold:
        """Let runs, by a pattern of their ids, stay in a status until the hold is cleared."""
        self.state.holds.append(hold := Hold(status, re.compile(runs)))
        return hold

    def preempt(self, run_id: str, *, restart: bool = True, keep_outputs: bool = False) -> None:
        """Take the nodes of a run away: it goes back to the queue, or fails without `restart`.

        What the job wrote is lost; with `keep_outputs` the service had uploaded it just before.
        """
        self.state.jobs[run_id].preempt(restart=restart, keep_outputs=keep_outputs)

    def wait(self, run_id: str, *statuses: str, timeout_s: float = 60) -> Record:
        """Wait until a run has one of these statuses, or any end if none is named; return it."""
        wanted, until = set(statuses) or TERMINAL, time.monotonic() + timeout_s
        history = self.state.history
        with history.changed:
            while history.runs.get(run_id, {}).get("status") not in wanted:
                if not history.changed.wait(until - time.monotonic()):
                    raise TimeoutError(f"{run_id}: {history.runs.get(run_id)}")
            return history.runs[run_id]

    def statuses(self, run_id: str) -> list[str]:
        """Return the statuses that a run has had, in order."""
        return list(self.state.runs[run_id]["_statuses"])

    def files(self, run_id: str) -> dict[str, Path]:
        """Return the files of a run ("Outputs and Logs") by their paths."""
        folder = self.state.run_folder(run_id)
        names = self.state.blobs.below("azureml", f"ExperimentRun/dcid.{run_id}/")
        return {blob.path.relative_to(folder).as_posix(): blob.path for blob in names}

    # ---- answers
    def _answer(self, request: Request) -> Response:
        self._look_for_secret(request)
        try:
            response = self._refuse(request, after=False) or self._serve(request)
            response = self._refuse(request, after=True) or response
        except HangUpError:
            self._remember(request, HUNG_UP)
            raise
        self._remember(request, response.status)
        return response

    def _refuse(self, request: Request, *, after: bool) -> Response | None:
        fault = self.faults.find(request, after=after)
        return fault.happen(request, self._stopped.is_set) if fault else None

    def _serve(self, request: Request) -> Response:
        try:
            function, parts = find_route(request)
            if request.service == "arm" or (
                request.service == "aml" and not request.path.startswith("/discovery")
            ):
                self.state.tokens.check_bearer(request)
            return function(self.state, request, **parts)
        except HttpError as error:
            refusal = error
        except Exception:  # noqa: BLE001 - a fault of the emulator itself, which fails the test
            refusal = HttpError(501, "EmulatorBug", traceback.format_exc())
        if refusal.status == 501:
            self.bugs.append(f"{request.host} {request.line}: {refusal.message}")
        return error_reply(request.service, refusal.status, refusal.code, refusal.message)

    def _remember(self, request: Request, status: int) -> None:
        self.requests.append(Asked(request.service, request.method, request.path, status))

    def _look_for_secret(self, request: Request) -> None:
        secret = SECRET.encode()
        shown = [request.line.encode(), request.body, str(request.headers).encode()]
        if request.service != "aad" and any(secret in text for text in shown):
            self.leaks.append(request.line)
