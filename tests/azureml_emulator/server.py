"""The wire: one loopback port that is the HTTPS proxy and every Azure host behind it.

Clients open `CONNECT management.azure.com:443` on 127.0.0.1; the TLS of the inner connection ends
here, and the Host header says which service is meant. A CONNECT to any other name is refused with
502 and remembered, so that a test can assert that nothing tried to leave the machine.
"""

import contextlib
import re
import ssl
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from azureml_emulator.exchange import HangUpError, Request, Response, service_of

IDLE_CONNECTION_S = 120


class Server(ThreadingHTTPServer):
    """Answers each connection in a thread of its own."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, tls: ssl.SSLContext, answer: Callable[[Request], Response]
    ) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.tls, self.answer = tls, answer
        self.refused: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is not worth a traceback."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_CONNECTION_S
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_CONNECT(self) -> None:
        self.close_connection = True
        if service_of(self.path) is None:
            self.server.refused.append(self.path)
            self.send_error(502, "not an emulated host")
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        with contextlib.suppress(OSError, ValueError):
            tls = self.server.tls.wrap_socket(self.connection, server_side=True)
            with contextlib.closing(tls), contextlib.suppress(HangUpError):
                type(self)(tls, self.client_address, self.server)  # serves until the end

    def _serve(self) -> None:
        url = urlsplit(self.path)
        host = url.netloc or self.headers.get("Host", "")
        service = service_of(host)
        if service is None:  # plain HTTP, or a Host header that differs from the CONNECT
            self.server.refused.append(host)
            self.send_error(502, "not an emulated host")
            return
        path = re.sub(r"/{2,}", "/", unquote(url.path))  # some clients double the slash
        query = parse_qs(url.query, keep_blank_values=True)
        request = Request(service, self.command, host, path, query, self.headers, self._body())
        self._send(self.server.answer(request))

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in response.headers:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are remembered by the emulator instead of being printed."""
