"""A web server on loopback whose files come as badly as a test wants."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebServer:
    """Files by path; what goes wrong with the next requests; and what was asked for."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    drops: list[int] = field(default_factory=list)
    """After so many bytes the connection of a request ends, one number a request."""
    statuses: list[int] = field(default_factory=list)
    """Instead of a file the next requests get these."""
    versions: dict[str, str] = field(default_factory=dict)
    """ETag of a file; without one the server knows no ranges."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Path and range of each request."""


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Give a running server."""
    state = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            wanted = self.headers.get("Range", "")
            state.requests.append((self.path, wanted))
            if state.statuses:
                self.send_error(state.statuses.pop(0))
            elif path not in state.files:
                self.send_error(404)
            else:
                self._send(state.files[path], state.versions.get(path, ""), wanted)

        def _send(self, content: bytes, version: str, wanted: str) -> None:
            start = self._start(version, wanted)
            if start and start >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if version:
                self.send_header("ETag", version)
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            rest = content[start:]
            if state.drops:
                self.wfile.write(rest[: state.drops.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(rest)

        def _start(self, version: str, wanted: str) -> int:
            found = re.fullmatch(r"bytes=(\d+)-", wanted)
            is_same = self.headers.get("If-Range", version) == version
            return int(found[1]) if found and version and is_same else 0

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
