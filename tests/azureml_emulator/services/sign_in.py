"""Microsoft Entra: who are you? Tokens for the one service principal."""

from urllib.parse import parse_qs

from azureml_emulator.exchange import Request, Response, reply, route
from azureml_emulator.places import PRINCIPAL, SECRET, TENANT
from azureml_emulator.state import State

HOST = "login.microsoftonline.com"
TRACE = "Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-01 00:00:00Z"


@route("aad", "GET", "/{tenant}/v2.0/.well-known/openid-configuration")
def describe_tenant(state: State, request: Request, tenant: str) -> Response:
    """Where tokens are to be had; a tenant that does not exist is refused here."""
    if tenant not in (TENANT, "common", "organizations"):
        return _refusal(400, "invalid_tenant", f"AADSTS90002: Tenant '{tenant}' not found.")
    base = f"https://{HOST}/{tenant}"
    return reply(
        {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "tenant_region_scope": None,
        }
    )


@route("aad", "GET", "/common/discovery/instance")
def describe_instance(state: State, request: Request) -> Response:
    """Which names mean the same cloud."""
    names = {"preferred_network": HOST, "preferred_cache": HOST, "aliases": [HOST]}
    address = f"https://{HOST}/{TENANT}/v2.0/.well-known/openid-configuration"
    return reply({"tenant_discovery_endpoint": address, "api-version": "1.1", "metadata": [names]})


@route("aad", "POST", "/{tenant}/oauth2/v2.0/token")
def give_token(state: State, request: Request, tenant: str) -> Response:
    """Give a token for the secret of the principal."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    client = form.get("client_id", "")
    if client != PRINCIPAL:
        text = (
            f"AADSTS700016: Application with identifier '{client}' was not found in the directory"
        )
        return _refusal(400, "unauthorized_client", f"{text} '{tenant}'.")
    if form.get("client_secret") != SECRET:
        return _refusal(
            401,
            "invalid_client",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the "
            "request is the client secret value, not the client secret ID, for a secret added to "
            f"app '{client}'.",
        )
    lifetime_s = state.settings.token_lifetime_s
    seconds = int(lifetime_s)
    return reply(
        {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": state.tokens.issue(lifetime_s),
        }
    )


def _refusal(status: int, error: str, description: str) -> Response:
    number = int(description.removeprefix("AADSTS").partition(":")[0])
    text = f"{description} {TRACE}"
    return reply({"error": error, "error_description": text, "error_codes": [number]}, status)
