"""A file whose connection breaks on the way goes on where it was, and arrives whole or not at all."""

import hashlib
import http.server
import threading
from base64 import b64encode
from types import SimpleNamespace

import pytest

from snakemake_executor_plugin_azureml.azureml_workspace.blobs import get_blob
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.azureml_workspace.service import Scope, Service
from snakemake_executor_plugin_azureml.workspace import TransientError, WorkspaceError
from workspace_calls import Clock

CONTENT = bytes(range(256)) * 40


class Storage(http.server.ThreadingHTTPServer):
    """Sends a file in pieces: after each piece the connection breaks."""

    daemon_threads = True

    def __init__(self, piece):
        self.content, self.piece, self.etag = CONTENT, piece, '"1"'
        self.md5 = b64encode(hashlib.md5(CONTENT).digest()).decode()
        self.after_piece = lambda: None
        self.knows_ranges = True
        self.asked = []
        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/file?sig=x"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        storage, wanted = self.server, self.headers.get("x-ms-range", "bytes=0-")
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        storage.asked.append(start)
        if self.headers.get("If-Match", storage.etag) != storage.etag:
            self.send_error(412)
            return
        start = start if storage.knows_ranges else 0
        rest = storage.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.send_header("ETag", storage.etag)
        if storage.md5:
            self.send_header("Content-MD5", storage.md5)
        self.end_headers()
        self.wfile.write(rest[: storage.piece])
        storage.after_piece()

    def log_message(self, *_):
        pass


@pytest.fixture
def storage():
    made = []

    def make(piece=10**9):
        made.append(Storage(piece))
        return made[0]

    yield make
    for server in made:
        server.shutdown()
        server.server_close()


def fetch(storage, target, **patience):
    clock = Clock()
    account = SimpleNamespace(who="nobody")
    scope = Scope("subscription", "group", "workspace")
    service = Service(account, scope, Patience(read_s=5, sleep=clock.sleep, **patience))
    get_blob(service, lambda: storage.url, target, "the file")
    return clock


def test_a_file_goes_on_where_its_connection_broke(storage, tmp_path):
    made = storage(piece=4000)
    clock = fetch(made, tmp_path / "file", tries=1)
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert made.asked[0] == 0
    assert made.asked == sorted(set(made.asked))
    assert clock.waits_s == []  # every try brought something


def test_a_connection_that_brings_nothing_is_a_failed_try(storage, tmp_path):
    made = storage(piece=0)
    with pytest.raises(TransientError, match="after 3 tries"):
        fetch(made, tmp_path / "file", tries=3)
    assert made.asked == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changes_on_the_way_is_begun_anew(storage, tmp_path):
    made = storage(piece=4000)

    def change():
        made.after_piece = lambda: None
        made.etag, made.piece, made.content = '"2"', len(CONTENT), CONTENT[::-1]

    made.md5, made.after_piece = "", change
    fetch(made, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT[::-1]


def test_a_server_that_sends_the_whole_file_again_is_taken_at_its_word(storage, tmp_path):
    made = storage(piece=4000)
    made.knows_ranges, made.md5 = False, ""

    def be_complete():
        made.piece = len(CONTENT)

    made.after_piece = be_complete
    fetch(made, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_file_without_a_stored_hash_is_taken_by_its_length(storage, tmp_path):
    made = storage()
    made.md5 = ""
    fetch(made, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_file_that_stays_damaged_is_not_kept(storage, tmp_path):
    made = storage()
    made.md5 = "AAAAAAAAAAAAAAAAAAAAAA=="
    with pytest.raises(WorkspaceError, match="arrived damaged"):
        fetch(made, tmp_path / "file")
    assert made.asked == [0, 0]
    assert list(tmp_path.iterdir()) == []
