"""As whom do we sign in, and how do secrets stay out of all that is written?

Secrets come from the environment alone: never from an option, a settings file or a question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HIDDEN = "***"

# Variables whose values must never be seen, whoever set them.
_SECRET_NAME = re.compile(
    r"SECRET|PASSWORD|PASSWD|APPLICATION_KEY|(ACCOUNT|ACCESS|STORAGE|API)_?KEY|TOKEN|SAS$"
    r"|CONNECTION_?STRING",
    re.IGNORECASE,
)
# Signatures in addresses, and values behind telling names: NAME=VALUE, --NAME VALUE.
_SIGNATURE = re.compile(r"(?i)\b(sig=)[^&\s\"']+")
_TELLING = r"[\w-]*(?:secret|password|application_key|account_?key|sas_token)[\w-]*"
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s,\"']+)"
_TOLD = re.compile(rf"(?i)({_TELLING}[=:] ?|--{_TELLING} ){_VALUE}")
_SHORTEST = 6
"""Shorter values (`1`, `true`) are no secrets, and hiding them would garble every text."""


class CredentialsError(ValueError):
    """Half of what a sign-in needs is there; the message says which half is missing."""


@dataclass(frozen=True)
class ServicePrincipal:
    """An application that signs in with a secret."""

    tenant_id: str
    application_id: str
    secret: str = field(repr=False)
    origin: str = "AZURE_CLIENT_SECRET"
    """The variable that holds the secret."""


def service_principal(
    environ: Mapping[str, str], *, tenant_id: str = "", application_id: str = ""
) -> ServicePrincipal | None:
    """Return the service principal of the environment, or None where no secret is given.

    AZURE_CLIENT_SECRET goes with AZURE_CLIENT_ID and AZURE_TENANT_ID, InnerEye's APPLICATION_KEY
    with `application_id` and `tenant_id` of the options; each stands in where the other is missing.

    Raises:
        CredentialsError: There is a secret, but not whose it is.
    """
    stated = {"AZURE_TENANT_ID": tenant_id, "AZURE_CLIENT_ID": application_id}
    known = {name: environ.get(name, "") for name in stated}
    for origin, first, second in (
        ("AZURE_CLIENT_SECRET", known, stated),
        ("APPLICATION_KEY", stated, known),
    ):
        secret = environ.get(origin, "")
        if not secret:
            continue
        found = {name: first[name] or second[name] for name in stated}
        missing = [name for name, value in found.items() if not value]
        if missing:
            raise CredentialsError(
                f"The environment has {origin}, but not {' and '.join(missing)}: set what is "
                "missing, or state tenant_id and application_id among the settings."
            )
        return ServicePrincipal(found["AZURE_TENANT_ID"], found["AZURE_CLIENT_ID"], secret, origin)
    return None


def secret_values(environ: Mapping[str, str]) -> list[str]:
    """Return the values of all variables that are named like a secret, the longest first."""
    values = {value for name, value in environ.items() if _SECRET_NAME.search(name)}
    return sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)


def hide_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Return a text with `***` for the secrets of the environment, and for what looks like one."""
    for value in secret_values(environ):
        text = text.replace(value, HIDDEN)
    text = _SIGNATURE.sub(rf"\1{HIDDEN}", text)
    return _TOLD.sub(rf"\1{HIDDEN}", text)
