"""Who may ask? Bearer tokens and shared access signatures that only this emulator can make."""

import base64
import binascii
import hashlib
import hmac
import itertools
import json
import secrets
import time
from typing import Any

from azureml_emulator.exchange import HttpError, Request
from azureml_emulator.places import BLOB_HOST, PRINCIPAL, TENANT

SAS_LIFETIME_S = 24 * 3600


class Tokens:
    """Issues tokens and addresses, and checks that those that come back are its own."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._serials = itertools.count(1)
        self._last_issued = self._last_revoked = 0

    def issue(self, lifetime_s: float) -> str:
        """Return a new bearer token: a JWT, of which clients read `exp` and `tid`."""
        self._last_issued = next(self._serials)
        claims = {
            "exp": int(time.time() + lifetime_s),
            "tid": TENANT,
            "aud": "https://management.azure.com",
            "oid": "emulated-principal",
            "appid": PRINCIPAL,
            "jti": self._last_issued,
        }
        text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
        return f"{text}.{self._sign(text)}"

    def revoke(self) -> None:
        """From now on no token counts that was issued so far."""
        self._last_revoked = self._last_issued

    def check_bearer(self, request: Request) -> None:
        """Refuse a request without a token of ours that still counts."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        text, _, signature = token.rpartition(".")
        if scheme.lower() != "bearer" or not hmac.compare_digest(signature, self._sign(text)):
            raise HttpError(401, "AuthenticationFailed", "Authentication failed: no valid token.")
        claims = _claims(text)
        if claims["exp"] < time.time() or claims["jti"] <= self._last_revoked:
            raise HttpError(
                401, "ExpiredAuthenticationToken", "The access token has expired. Sign in again."
            )

    def sas(self, container: str, blob: str = "", permissions: str = "racwdl") -> str:
        """Return the query that gives access to a blob, or to a whole container."""
        fields = {
            "sv": "2021-04-10",
            "sr": "b" if blob else "c",
            "sp": permissions,
            "se": str(int(time.time()) + SAS_LIFETIME_S),
        }
        fields["sig"] = self._sign_access(container, blob, fields)
        return "&".join(f"{name}={value}" for name, value in fields.items())

    def address(self, container: str, blob: str, permissions: str = "rw") -> str:
        """Return the address of a blob with the right to use it.

        The name is not percent-encoded: azureml-core cuts it out of the address and quotes it then.
        """
        if "?" in blob or "#" in blob:
            raise HttpError(400, "InvalidUri", f"{blob!r}: '?' and '#' in names are not emulated")
        return f"https://{BLOB_HOST}/{container}/{blob}?{self.sas(container, blob, permissions)}"

    def check_access(self, request: Request, container: str, blob: str, right: str) -> None:
        """Refuse a request to storage whose signature is not ours or gives less than this right."""
        fields = {name: request.q(name) for name in ("sv", "sr", "sp", "se")}
        wanted = self._sign_access(container, blob if fields["sr"] == "b" else "", fields)
        is_ours = hmac.compare_digest(request.q("sig"), wanted)
        if not is_ours or int(fields["se"]) < time.time():
            raise HttpError(
                403, "AuthenticationFailed", "Server failed to authenticate the request."
            )
        if right not in fields["sp"]:
            raise HttpError(
                403, "AuthorizationPermissionMismatch", "The signature does not permit this."
            )

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _sign_access(self, container: str, blob: str, fields: dict[str, str]) -> str:
        shown = [fields[name] for name in ("sv", "sr", "sp", "se")]
        return self._sign("\n".join([container, blob, *shown]))


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def _claims(text: str) -> dict[str, Any]:
    body = text.split(".")[1]
    try:
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError):
        raise HttpError(401, "AuthenticationFailed", "The token cannot be read.") from None
