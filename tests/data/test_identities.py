"""A file's identity changes with its content, not with its time."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.identities import (
    MISSING,
    CheckRecord,
    FileState,
    file_identities,
    file_states,
    load_record,
    rows_hash,
    save_record,
)
from innereye.errors import DatasetError
from innereye.provenance.files import sha256_of


@pytest.fixture
def known(tmp_path):
    """A file that an earlier check has read."""
    path = tmp_path / "a.nii.gz"
    path.write_bytes(b"first")
    os.utime(path, ns=(10**18, 10**18))
    state = FileState(5, 10**18, sha256_of(path), "5-1000000000000000000")
    return path, CheckRecord({"a.nii.gz": state})


def identity(path, record):
    return file_identities([path.name], record, root=path.parent)[path.name]


def test_an_unknown_file_is_not_read(tmp_path):
    path = tmp_path / "a.nii.gz"
    path.write_bytes(b"first")
    path.chmod(0)
    (state,) = file_states(["a.nii.gz"], None, root=tmp_path).values()
    assert state.sha256 == ""
    assert state.identity == f"5-{path.stat().st_mtime_ns}"


def test_a_touched_file_keeps_its_identity_and_gets_its_new_time(known):
    path, record = known
    os.utime(path, ns=(2 * 10**18, 2 * 10**18))
    assert identity(path, record) == "5-1000000000000000000"
    assert file_states([path.name], record, root=path.parent)[path.name].mtime_ns == 2 * 10**18


@pytest.mark.parametrize("content", [b"other", b"longer than before"])
def test_changed_content_gives_a_new_identity(known, content):
    path, record = known
    path.write_bytes(content)
    assert identity(path, record) == f"{len(content)}-{path.stat().st_mtime_ns}"


def test_an_untouched_file_is_as_recorded(known):
    path, record = known
    assert identity(path, record) == record.files[path.name].identity


def test_a_missing_file_is_named_missing(tmp_path):
    assert file_identities(["no.nii"], None, root=tmp_path) == {"no.nii": MISSING}


ROWS = [("1", "ct", "a"), ("1", "liver", "b"), ("2", "ct", "c")]
IDENTITIES = {"a": "1-1", "b": "2-2", "c": "3-3"}


@given(st.permutations(ROWS))
def test_the_order_of_rows_does_not_matter(rows):
    assert rows_hash(rows, IDENTITIES) == rows_hash(ROWS, IDENTITIES)


def test_rows_and_identities_matter():
    hashes = {
        rows_hash(ROWS, IDENTITIES),
        rows_hash(ROWS[1:], IDENTITIES),
        rows_hash(ROWS, {**IDENTITIES, "b": "2-3"}),
        rows_hash([("3", "ct", "a"), *ROWS[1:]], IDENTITIES),
        rows_hash([("1", "mri", "a"), *ROWS[1:]], IDENTITIES),
    }
    assert len(hashes) == 5


def test_a_record_of_another_version_is_none_and_a_broken_one_an_error(tmp_path):
    path = tmp_path / "record.json"
    assert load_record(path) is None
    path.write_text('{"version": 0}')
    assert load_record(path) is None
    for broken in ("{", "[]", '{"version": 1, "files": {"a": 3}, "subjects": {}}'):
        path.write_text(broken)
        with pytest.raises(DatasetError, match="delete it"):
            load_record(path)


def test_a_record_is_the_same_bytes_in_any_order(tmp_path):
    state = FileState(1, 2, "3", "4")
    save_record(tmp_path / "a", CheckRecord({"x": state, "y": state}, {"1": "a", "2": "b"}))
    save_record(tmp_path / "b", CheckRecord({"y": state, "x": state}, {"2": "b", "1": "a"}))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
