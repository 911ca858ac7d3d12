"""As whom do we sign in? A service principal, else the user of `az`, else the machine; never a dialogue."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from snakemake_executor_plugin_azureml.azureml_workspace.answers import (
    no_answer,
    refusal_of_response,
)
from snakemake_executor_plugin_azureml.azureml_workspace.clouds import Cloud, cloud_of
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience, bounded
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import PASSING, RefusedError
from snakemake_executor_plugin_azureml.credentials import (
    CredentialsError,
    ServicePrincipal,
    hide_secrets,
    service_principal,
)
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

CLI_S = 60.0
# The machine's own service answers within a second, or is not there.
MACHINE_S = 5.0


class NoWayError(Exception):
    """This way of signing in is not open here; the message says why."""


@dataclass(frozen=True)
class Token:
    """What is shown to the services; `expires` in seconds since 1970."""

    text: str
    expires: float


@dataclass(frozen=True)
class Way:
    """A way of signing in; `who` is how sentences name it."""

    who: str
    fetch: Callable[[], Token]


class _Session(requests.Session):
    """Has time-outs, and turns answers that pass into refusals; MSAL hands on what it raises."""

    def __init__(self, connect_s: float, read_s: float) -> None:
        super().__init__()
        self._timeout = (connect_s, read_s)

    def request(self, *args: object, **more: object) -> requests.Response:  # type: ignore[override]
        try:
            response = super().request(*args, **{"timeout": self._timeout, **more})  # type: ignore[arg-type]
        except requests.RequestException as error:
            raise no_answer(error) from error
        if response.status_code in PASSING:
            raise refusal_of_response(response)
        return response


def ways_in(options: Options, environ: Mapping[str, str], patience: Patience) -> list[Way]:
    """Return the ways of signing in that may be tried, in order.

    Where a secret is given, it is the only way: a wrong one must not go unnoticed.

    Raises:
        WorkspaceError: half of a service principal is given.
    """
    cloud = cloud_of(environ)
    try:
        principal = service_principal(
            environ, tenant_id=options.tenant_id, application_id=options.application_id
        )
    except CredentialsError as error:
        raise WorkspaceError(str(error)) from None
    if principal is not None:
        who = f"service principal {principal.application_id}"
        return [Way(who, lambda: _of_principal(principal, cloud, patience))]
    client_id = environ.get("AZURE_CLIENT_ID", "")
    return [
        Way("the user of the Azure CLI", lambda: _of_cli(options.subscription_id, cloud)),
        Way("managed identity", lambda: _of_machine(client_id, cloud, patience)),
    ]


def _of_principal(principal: ServicePrincipal, cloud: Cloud, patience: Patience) -> Token:
    import msal  # noqa: PLC0415  a part of azureml-core's installation

    try:
        application = msal.ConfidentialClientApplication(
            principal.application_id,
            authority=f"{cloud.sign_in}/{principal.tenant_id}",
            client_credential=principal.secret,
            http_client=_Session(patience.connect_s, patience.read_s),
        )
    except ValueError:
        raise WorkspaceError(
            f"Microsoft Entra knows no tenant {principal.tenant_id!r} (AZURE_TENANT_ID or tenant_id)."
        ) from None
    answer = application.acquire_token_for_client([f"{cloud.audience}/.default"]) or {}
    if "access_token" not in answer:
        raise WorkspaceError(_sentence_of(principal, str(answer.get("error_description", answer))))
    return _token(answer["access_token"], answer.get("expires_in", 0))


def _sentence_of(principal: ServicePrincipal, description: str) -> str:
    """Return why a service principal may not sign in, without its secret."""
    code = re.search(r"AADSTS\d+", description)
    who, origin = f"The service principal {principal.application_id}", principal.origin
    known = {
        "AADSTS7000215": f"The secret in {origin} is not that of the service principal "
        f"{principal.application_id}: sign-in was refused. Copy the secret's value, not its id.",
        "AADSTS7000222": f"The secret in {origin} has expired: make a new one for the service "
        f"principal {principal.application_id}.",
        "AADSTS700016": f"{who} does not exist in the tenant {principal.tenant_id}.",
        "AADSTS90002": f"Microsoft Entra knows no tenant {principal.tenant_id!r}.",
    }
    words = " ".join(description.replace(principal.secret, "***").split())
    sentence = known.get(code[0] if code else "", f"{who} cannot sign in: {words}")
    return sentence if not code or code[0] in sentence else f"{sentence} ({code[0]})"


def _of_cli(subscription: str, cloud: Cloud) -> Token:
    program = shutil.which("az")
    if program is None:
        raise NoWayError("the Azure CLI (az) is not installed")
    command = [program, "account", "get-access-token", "--output", "json", "--resource"]
    command += [cloud.audience]
    if subscription:
        command += ["--subscription", subscription]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=CLI_S,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(None, f"az did not answer within {CLI_S:g} s") from None
    except subprocess.CalledProcessError as error:
        words = hide_secrets(" ".join(error.stderr.split()), os.environ)
        raise NoWayError(f"az gives no token: {words[:200] or 'it says nothing'}") from None
    except OSError as error:
        raise NoWayError(f"az cannot be started: {error}") from None
    answer = json.loads(done.stdout)
    expires = answer.get("expires_on")
    return _token(answer["accessToken"], expires - time.time() if expires else 0)


def _of_machine(client_id: str, cloud: Cloud, patience: Patience) -> Token:
    import msal  # noqa: PLC0415  a part of azureml-core's installation

    identity = (
        msal.UserAssignedManagedIdentity(client_id=client_id)
        if client_id
        else msal.SystemAssignedManagedIdentity()
    )
    seconds = min(MACHINE_S, patience.read_s)
    session = _Session(seconds, seconds)
    session.trust_env = False  # this service stands before every proxy
    client = msal.ManagedIdentityClient(identity, http_client=session)
    try:
        answer = bounded(
            lambda: client.acquire_token_for_client(resource=cloud.audience), 2 * seconds
        )
    except RefusedError as refusal:
        raise NoWayError(f"this machine has no managed identity ({refusal})") from None
    except ValueError:  # an answer, but of something else: its words help nobody
        raise NoWayError("this machine has no managed identity") from None
    if "access_token" not in answer:
        words = answer.get("error_description", answer.get("error", ""))
        raise NoWayError(f"the machine's managed identity gives no token: {words}")
    return _token(answer["access_token"], answer.get("expires_in", 0))


def _token(text: str, expires_in_s: Any) -> Token:
    # A life that is not told is taken as ten minutes.
    return Token(text, time.time() + (float(expires_in_s) or 600.0))
