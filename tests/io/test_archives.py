"""An archive unpacks to its files inside the folder, or to nothing and one sentence."""

import io
import os
import random
import shutil
import stat
import tarfile
import zipfile
from types import SimpleNamespace

import pytest

from innereye.errors import ArchiveError
from innereye.io import archives
from innereye.io.archives import unpack, write_zip_of_one

FILES = {"README": b"words", "study/a/1.dcm": b"\0\1" * 500, "study/b/1.dcm": b"other"}
MODES = {"scan.tar": "w", "scan.tar.gz": "w:gz", "scan.tar.bz2": "w:bz2", "scan.tar.xz": "w:xz"}


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path, files):
    with tarfile.open(path, MODES[path.name]) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def written(path, files):
    return (write_tar if path.name in MODES else write_zip)(path, files)


def contents(folder):
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def assert_refused(archive, tmp_path, phrase, **limits):
    """The sentence names the archive; neither the folder nor anything beside it is there."""
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ArchiveError, match=phrase) as refusal:
        unpack(archive, tmp_path / "folder", **limits)
    assert str(archive) in str(refusal.value)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", [*MODES, "scan.zip", "scan.of_any_name"])
def test_all_files_come_out(tmp_path, name):
    archive = written(tmp_path / name, FILES)
    files = unpack(archive, tmp_path / "folder")
    assert files == sorted(tmp_path / "folder" / name for name in FILES)
    assert contents(tmp_path / "folder") == FILES


def test_an_empty_folder_is_filled_and_has_the_usual_mode(tmp_path):
    (tmp_path / "folder").mkdir()
    unpack(write_zip(tmp_path / "a.zip", {"one": b"1", "empty/": b""}), tmp_path / "folder")
    assert (tmp_path / "folder" / "empty").is_dir()
    (tmp_path / "other").mkdir()
    assert (tmp_path / "folder").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    assert_refused(write_zip(tmp_path / "a.zip", FILES), tmp_path, "is not empty")
    assert contents(tmp_path / "folder") == {"mine": b"mine"}


def test_separators_of_windows_make_folders(tmp_path):
    unpack(write_zip(tmp_path / "a.zip", {r"study\1.dcm": b"1"}), tmp_path / "folder")
    assert contents(tmp_path / "folder") == {"study/1.dcm": b"1"}


@pytest.mark.parametrize("archive", ["scan.zip", "scan.tar", "scan.tar.gz"])
@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("../out", "leads out of the folder"),
        ("study/../../out", "leads out of the folder"),
        (r"study\..\..\out", "leads out of the folder"),
        ("/out", "has an absolute path"),
        (r"C:\out", "has an absolute path"),
        (r"\out", "has an absolute path"),
    ],
)
def test_a_path_that_leads_out_is_refused(tmp_path, archive, name, phrase):
    (tmp_path / "in").mkdir()
    archive = written(tmp_path / "in" / archive, {"good": b"1", name: b"2"})
    assert_refused(archive, tmp_path / "in", phrase)
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_in_a_tar_is_refused(tmp_path, kind):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = kind, "good"
        archive.addfile(entry)
    assert_refused(tmp_path / "a.tar", tmp_path, "'link' is a link or a device")


def test_a_link_in_a_zip_is_refused(tmp_path):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "../out")
    assert_refused(tmp_path / "a.zip", tmp_path, "'link' is a link or a device")


def test_all_faults_are_told_at_once(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"../one": b"", "/two": b"", "three": b""})
    assert_refused(archive, tmp_path, r"(?s)'\.\./one' leads out.*'/two' has an absolute")


def test_one_name_twice_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for _ in range(2):
            archive.addfile(tarfile.TarInfo("./same"))
    assert_refused(tmp_path / "a.tar", tmp_path, "'same' is in it twice")


@pytest.mark.parametrize("name", ["scan.zip", "scan.tar.gz"])
def test_a_bomb_is_refused_and_the_same_bytes_in_small_are_not(tmp_path, name):
    archive = written(tmp_path / name, {"zeros": bytes(5 * 2**20)})
    assert_refused(archive, tmp_path, "refused as a bomb", always_allowed_bytes=2**20)
    assert unpack(archive, tmp_path / "folder")[0].stat().st_size == 5 * 2**20


def test_a_zip_that_understates_its_bytes_writes_no_more_of_them(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"zeros": bytes(5 * 2**20)})
    stated, lie = (5 * 2**20).to_bytes(4, "little"), (10).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(stated, lie))
    assert_refused(archive, tmp_path, "cannot be unpacked: Bad CRC-32")


@pytest.mark.parametrize("name", [*MODES, "scan.zip"])
def test_a_truncated_archive_leaves_nothing(tmp_path, name):
    noise = random.Random(1).randbytes(50_000)
    archive = written(tmp_path / name, {"one": b"1", "two": noise})
    archive.write_bytes(archive.read_bytes()[:40_000])
    assert_refused(archive, tmp_path, "cannot be unpacked|is no archive, or is truncated")


def test_a_flipped_byte_is_found(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr("one", b"1" * 50)
    archive.write_bytes(archive.read_bytes().replace(b"11", b"12", 1))
    assert_refused(archive, tmp_path, "Bad CRC-32")


def test_an_encrypted_member_is_refused(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"one": b"1"})
    content = bytearray(archive.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    archive.write_bytes(content)
    assert_refused(archive, tmp_path, "'one' is encrypted")


def test_a_file_where_another_needs_a_folder_leaves_nothing(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"one": b"1", "one/two": b"2"})
    assert_refused(archive, tmp_path, "cannot be unpacked")


def test_what_is_no_archive_says_what_is(tmp_path):
    (tmp_path / "a.zip").write_text("words")
    assert_refused(tmp_path / "a.zip", tmp_path, r"is no archive.*\.zip, \.tar, \.tar\.gz")
    assert_refused(tmp_path / "b.zip", tmp_path, "does not exist")


def test_a_zip_of_one_file_names_it_like_itself_and_is_the_same_each_time(tmp_path):
    (tmp_path / "whatever").write_bytes(FILES["study/a/1.dcm"])
    path = tmp_path / "segmentation.dcm.zip"
    write_zip_of_one(path, tmp_path / "whatever")
    first = path.read_bytes()
    os.utime(tmp_path / "whatever", (0, 0))
    write_zip_of_one(path, tmp_path / "whatever")
    assert path.read_bytes() == first
    unpack(path, tmp_path / "folder")
    assert contents(tmp_path / "folder") == {"segmentation.dcm": FILES["study/a/1.dcm"]}


def test_a_full_disk_is_told_before_anything_is_written(tmp_path, monkeypatch):
    archive = write_zip(tmp_path / "a.zip", FILES)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=1000))
    assert_refused(archive, tmp_path, r"needs 0\.0 GiB; .* has 0\.0 GiB left")


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    assert_refused(write_zip(tmp_path / "a.zip", FILES), tmp_path, "more than 2 files")


def test_a_tar_that_ends_with_a_zip_is_a_tar(tmp_path):
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.writestr("a.txt", "a")
    with tarfile.open(tmp_path / "outer.tar", "w") as outer:
        outer.add(tmp_path / "inner.zip", "inner.zip")
    assert [path.name for path in unpack(tmp_path / "outer.tar", tmp_path / "out")] == ["inner.zip"]
