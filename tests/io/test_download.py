"""A file comes whole and as stated, or not at all, and no byte of it comes twice without need."""

import hashlib
import logging
import resource
import signal

import pytest

from innereye.errors import DownloadError
from innereye.io.download import TRIES, download
from innereye.io.web_address import source_of
from web_server import web_server

CONTENT = bytes(range(256)) * 1000
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with web_server() as server:
        server.files["/a.ckpt"] = CONTENT
        server.versions["/a.ckpt"] = '"one"'
        yield server


def fetch(server, folder, path="/a.ckpt", fragment=""):
    return download(source_of(server.address + path + fragment), folder, pause=lambda seconds: None)


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_once(server, tmp_path):
    first = fetch(server, tmp_path)
    assert (first.name, first.read_bytes()) == ("a.ckpt", CONTENT)
    assert fetch(server, tmp_path) == first
    assert len(server.requests) == 1
    assert files_in(tmp_path) == ["a.ckpt"]


def test_a_broken_connection_is_taken_up_where_it_ended(server, tmp_path):
    server.drops += [1000, 5000]
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert [wanted for _, wanted in server.requests] == ["", "bytes=1000-", "bytes=6000-"]


def test_a_later_call_goes_on_with_what_came(server, tmp_path):
    server.drops += [1000] * TRIES
    with pytest.raises(DownloadError, match=r"could not be downloaded in 6 tries: .* goes on"):
        fetch(server, tmp_path)
    assert "a.ckpt" not in files_in(tmp_path)
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.requests[-1][1] == f"bytes={1000 * TRIES}-"


def test_two_versions_of_a_file_are_never_pieced_together(server, tmp_path):
    server.drops += [1000] * TRIES
    with pytest.raises(DownloadError):
        fetch(server, tmp_path)
    server.files["/a.ckpt"], server.versions["/a.ckpt"] = CONTENT[::-1], '"two"'
    assert fetch(server, tmp_path).read_bytes() == CONTENT[::-1]


def test_a_server_that_marks_no_content_is_asked_for_all_of_it(server, tmp_path):
    server.versions.clear()
    server.drops += [1000]
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert [wanted for _, wanted in server.requests] == ["", ""]


def test_a_stated_hash_lets_a_download_be_taken_up_without_a_mark(server, tmp_path):
    server.versions.clear()
    server.drops += [1000]
    assert fetch(server, tmp_path, fragment=f"#sha256={HASH}").read_bytes() == CONTENT


def test_an_overloaded_server_is_asked_again(server, tmp_path):
    server.statuses += [503, 429]
    assert fetch(server, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_told_at_once(status, server, tmp_path):
    server.statuses += [status]
    with pytest.raises(DownloadError, match=f"cannot be downloaded: the server answers {status}"):
        fetch(server, tmp_path)
    assert len(server.requests) == 1
    assert files_in(tmp_path) == []


def test_a_server_that_is_not_there_is_told(tmp_path, server):
    source = source_of("http://127.0.0.1:9/a.ckpt")
    with pytest.raises(DownloadError, match="the server cannot be reached"):
        download(source, tmp_path, pause=lambda seconds: None)


def test_a_wrong_hash_leaves_nothing(server, tmp_path):
    with pytest.raises(DownloadError, match=f"has the SHA-256 {HASH}, and not 0000"):
        fetch(server, tmp_path, fragment=f"#sha256={'0' * 64}")
    assert [name for name in files_in(tmp_path) if not name.endswith(".version")] == []


def test_a_file_of_another_hash_that_came_before_is_fetched_anew(server, tmp_path):
    server.files["/a.ckpt"] = b"older"
    fetch(server, tmp_path)
    server.files["/a.ckpt"] = CONTENT
    assert fetch(server, tmp_path, fragment=f"#sha256={HASH}").read_bytes() == CONTENT


def test_a_full_disk_is_told_and_the_next_call_goes_on(server, tmp_path):
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, old[1]))
    try:
        with pytest.raises(DownloadError, match=r"cannot be stored in .*: File too large"):
            fetch(server, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert "a.ckpt" not in files_in(tmp_path)
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.requests[-1][1] == "bytes=100000-"


def test_secrets_of_an_address_are_in_no_log_and_in_no_name(server, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    server.statuses += [503]
    fetch(server, tmp_path, "/a.ckpt?sig=very-secret")
    assert server.requests[-1][0] == "/a.ckpt?sig=very-secret"
    assert "/a.ckpt" in caplog.text
    assert "secret" not in caplog.text
    assert "secret" not in " ".join(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("fragment", ["#sha256=12", "#md5=0123", "#sha256="])
def test_what_is_no_hash_is_told(fragment):
    with pytest.raises(DownloadError, match="64 hexadecimal digits"):
        source_of(f"https://host/a.ckpt{fragment}")
