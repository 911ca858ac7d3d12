"""How is a question asked? One HTTPS request, with time-outs, repeated while the service is busy.

The paths and bodies are those of azureml-core. It is not asked to send them itself because many of
its calls have no time-out, and because it keeps a pool of threads for each run that it looks at.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from snakemake_executor_plugin_azureml.azureml_workspace.account import Account
from snakemake_executor_plugin_azureml.azureml_workspace.answers import (
    no_answer,
    refusal_of_response,
)
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.workspace import (
    NotFoundError,
    TransientError,
    WorkspaceError,
)

T = TypeVar("T")

USER_AGENT = "snakemake-executor-plugin-azureml"
# Which of the addresses that a workspace tells each service is at, and under which path.
PLACES = {
    "artifact": ("history", "artifact/v2.0"),
    "computes": ("api", "rp/workspaces"),
    "dataset": ("api", "dataset/v1.0"),
    "datastore": ("api", "datastore/v1.0"),
    "environment": ("experimentation", "environment/v1.0"),
    "history": ("history", "history/v1.0"),
    "models": ("modelmanagement", "modelmanagement/v1.0"),
}
PAGE = 500
# What the storage says of a signature that does not hold.
STORAGE_CODES = ("AuthenticationFailed", "AuthorizationPermissionMismatch", "AuthorizationFailure")


@dataclass(frozen=True)
class Scope:
    """Which workspace."""

    subscription: str
    resource_group: str
    workspace: str

    @property
    def path(self) -> str:
        """The part of an address that names the workspace."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.workspace}"
        )


class Service:
    """Asks the services of one workspace, and the storage, from any thread."""

    def __init__(self, account: Account, scope: Scope, patience: Patience) -> None:
        self.account = account
        self.scope = scope
        self.patience = patience
        self.addresses: Mapping[str, str] = {}
        self._sessions = threading.local()

    def url(self, service: str, *parts: str) -> str:
        """Return the address of something in the workspace; the parts of the path are quoted."""
        key, prefix = PLACES[service]
        base = (self.addresses.get(key) or self.addresses["api"]).rstrip("/")
        tail = "".join(f"/{quote(part, safe='/:=')}" for part in parts)
        return f"{base}/{prefix}{self.scope.path}{tail}"

    def once(self, method: str, url: str, *, signed: bool = True, **more: Any) -> requests.Response:
        """Send one request; `signed` shows who we are, which the storage must never see.

        Raises:
            RefusedError: there is no answer, or one with status 400 or more.
        """
        headers = {"User-Agent": USER_AGENT, **more.pop("headers", {})}
        token = self.account.token() if signed else ""
        if signed:
            headers["Authorization"] = f"Bearer {token}"
        timeout = (self.patience.connect_s, self.patience.read_s)
        try:
            response = self._session.request(method, url, headers=headers, timeout=timeout, **more)
        except (requests.RequestException, OSError) as error:
            raise no_answer(error) from error
        if response.status_code == 401 and signed:
            self.account.forget(token)
        if response.status_code >= 400:
            raise refusal_of_response(response)
        return response

    def persist(self, step: Callable[[], T], about: str) -> T:
        """Return the result of a step that may be repeated; `about` names it in sentences.

        Raises:
            WorkspaceError: what the service says, as a sentence.
        """
        try:
            return self.patience.persist(step)
        except RefusedError as refusal:
            raise self.error_of(refusal, about) from refusal

    def ask(self, method: str, url: str, about: str, **more: Any) -> requests.Response:
        """Send a request that may be repeated."""
        return self.persist(lambda: self.once(method, url, **more), about)

    def read(self, method: str, url: str, about: str, **more: Any) -> dict[str, Any]:
        """Return the content of an answer in JSON."""
        response = self.ask(method, url, about, **more)
        try:
            return response.json() if response.content else {}
        except ValueError:
            raise WorkspaceError(
                f"The answer about {about} is no JSON. Does a proxy or a sign-in page stand between?"
            ) from None

    def pages(self, url: str, about: str, *, token: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Give the items of a list, page by page; `token` is the parameter of the next page."""
        params = dict(more.pop("params", {}))
        while True:
            page = self.read("GET", url, about, params=params, **more)
            yield from page.get("value") or []
            following = page.get("continuationToken")
            if not following or following == params.get(token):
                return
            params[token] = following

    def linked_pages(self, url: str, about: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Give the items of a list whose pages name the address of the next one."""
        following: str | None = url
        while following:
            page = self.read("GET", following, about, **more)
            more.pop("params", None)  # the next address has them
            yield from page.get("value") or []
            following = page.get("nextLink")

    def error_of(self, refusal: RefusedError, about: str) -> WorkspaceError:
        """Return the sentence for a refusal."""
        name, who = self.scope.workspace, self.account.who
        if refusal.status == 401:
            return WorkspaceError(
                f"The workspace {name} does not accept {who} for {about}: {refusal.words}"
            )
        if refusal.status == 403 and refusal.code in STORAGE_CODES:
            return WorkspaceError(f"The storage refuses {about}: {refusal.words}")
        if refusal.status == 403:
            return WorkspaceError(
                f"{who} may not do this in the workspace {name}: {about}. It needs the role "
                f"Contributor or AzureML Data Scientist there. {refusal.words}"
            )
        if refusal.status == 404:
            return NotFoundError(f"The workspace {name} has no {about}.")
        said = f"{refusal.status or 'no answer'}: {refusal.words}"
        if refusal.passes:
            return TransientError(
                f"Azure does not answer about {about}, after {self.patience.tries} tries ({said})."
            )
        return WorkspaceError(f"Azure refuses {about} ({said}).")

    @property
    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "session"):
            self._sessions.session = requests.Session()
        return self._sessions.session
