"""What is one exchange with a service: a request, its answer, and the function that makes it?"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from azureml_emulator.places import REGION_HOST

HOSTS = [
    (re.compile(r"^login\.microsoftonline\.com$"), "aad"),
    (re.compile(r"^management\.azure\.com$"), "arm"),
    (re.compile(rf"^{re.escape(REGION_HOST)}$"), "aml"),
    (re.compile(r"^[a-z0-9]+\.blob\.core\.windows\.net$"), "blob"),
]


def service_of(host: str) -> str | None:
    """Return the service behind a host: aad, arm, aml or blob; None if it is not emulated."""
    name = host.rsplit(":", 1)[0].lower()
    return next((service for pattern, service in HOSTS if pattern.match(name)), None)


@dataclass
class Request:
    """What a client asks for; `path` is decoded."""

    service: str
    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    headers: Any
    body: bytes

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.body or b"null")

    def q(self, name: str, default: str = "") -> str:
        """Return a parameter of the query."""
        return self.query.get(name, [default])[0]

    @property
    def line(self) -> str:
        """Return the text that a fault's pattern is looked up in: `METHOD path?query`."""
        query = "&".join(
            f"{name}={value}" for name, values in self.query.items() for value in values
        )
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")


@dataclass
class Response:
    """What a service answers."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class HttpError(Exception):
    """An answer of 400 or more, with the service's code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class HangUpError(Exception):
    """The connection ends without an answer."""


def reply(data: Any = None, status: int = 200, **headers: str) -> Response:
    """Return an answer in JSON."""
    body = b"" if data is None else json.dumps(data).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **headers})


def error_reply(service: str, status: int, code: str, message: str) -> Response:
    """Return a refusal in the words of a service: XML from storage, JSON from all others."""
    if service == "blob":
        text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}'
        headers = {"Content-Type": "application/xml", "x-ms-error-code": code}
        return Response(status, f"{text}</Message></Error>".encode(), headers)
    return reply({"error": {"code": code, "message": message}}, status)


Handler = Callable[..., Response]
ROUTES: list[tuple[str, str, re.Pattern[str], Handler]] = []


def route(service: str, methods: str, pattern: str) -> Callable[[Handler], Handler]:
    """Mark the function that answers; `{name}` fits one segment of a path, `{name*}` the rest."""
    regex = re.escape(pattern).replace(r"\{", "{").replace(r"\}", "}").replace(r"\*}", "*}")
    regex = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.*)", regex)
    regex = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", regex)

    def register(function: Handler) -> Handler:
        for method in methods.split():
            ROUTES.append((service, method, re.compile(regex + "/?$", re.IGNORECASE), function))
        return function

    return register


def find_route(request: Request) -> tuple[Handler, dict[str, str]]:
    """Return the function that answers a request, and the parts of its path by name."""
    for service, method, pattern, function in ROUTES:
        is_kind = (service, method) == (request.service, request.method)
        if is_kind and (found := pattern.match(request.path)):
            return function, found.groupdict()
    raise HttpError(501, "NotEmulated", f"{request.method} {request.host}{request.path}")


def page(items: list[Any], size: int, token: str | None) -> tuple[list[Any], str | None]:
    """Return one page of a list, and the token of the next one."""
    start = int(token or 0)
    end = start + size
    return items[start:end], (str(end) if end < len(items) else None)
