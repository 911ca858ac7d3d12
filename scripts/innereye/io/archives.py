"""What is in a zip or tar archive? Its files, none of them outside the folder that is meant."""

import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from innereye.errors import ArchiveError, list_faults
from innereye.io.files import atomic_write

# Scans and weights shrink to a tenth at best, empty masks to a thousandth: what is large and shrinks
# that far was made to fill a disk.
MOST_TIMES_LARGER = 100
ALWAYS_ALLOWED_BYTES = 2**30
MOST_MEMBERS = 100_000
CHUNK_BYTES = 2**20
DAMAGES = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # a way of packing that Python does not know
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class _Member:
    """One entry of an archive; `fault` says why it must not be unpacked."""

    name: str
    size: int
    is_folder: bool
    fault: str
    open: Callable[[], IO[bytes]]


def unpack(
    archive: Path, folder: Path, *, always_allowed_bytes: int = ALWAYS_ALLOWED_BYTES
) -> list[Path]:
    """Return the files of a `.zip` or tar archive, sorted, unpacked into a folder, missing or empty.

    Content, not the name, says which kind of archive it is. Owners and modes are not kept. All files
    appear or none. More than 100 times the archive's bytes are refused beyond `always_allowed_bytes`.

    Raises:
        ArchiveError: it is missing, damaged or no archive, would write outside the folder, holds
            links, encrypted files or one name twice, is a bomb; or the folder has files, or no room.
    """
    if not archive.is_file():
        raise ArchiveError(f"{archive} does not exist; a .zip or tar file is needed.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder} is not empty; {archive} needs a folder of its own.")
    most_bytes = max(always_allowed_bytes, MOST_TIMES_LARGER * archive.stat().st_size)
    try:
        with atomic_write(folder) as temporary, _opened(archive) as found:
            members = _within_limits(archive, found, most_bytes)
            _require_harmless(archive, members)
            _require_room(archive, temporary.parent, members)
            temporary.mkdir()
            for member in members:
                _write(member, temporary / member.name)
    except DAMAGES as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise ArchiveError(f"{archive} cannot be unpacked: {reason}.") from None
    return sorted(folder / member.name for member in members if not member.is_folder)


def write_zip_of_one(path: Path, file: Path) -> None:
    """Write a `.zip` that holds one file, named like the zip without `.zip`; same file, same bytes."""
    entry = zipfile.ZipInfo(path.name.removesuffix(".zip"))  # of 1980, whenever it is written
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    with (
        atomic_write(path) as temporary,
        zipfile.ZipFile(temporary, "w") as zipped,
        file.open("rb") as source,
        zipped.open(entry, "w") as target,
    ):
        shutil.copyfileobj(source, target, CHUNK_BYTES)


@contextmanager
def _opened(archive: Path) -> Iterator[Iterator[_Member]]:
    """Give the members of an archive, which stays open meanwhile."""
    # tar first: a zip is known by its end, and that may be the end of a file in a tar.
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as taped:
            yield (_of_tar(taped, entry) for entry in taped)
    elif zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            yield (_of_zip(zipped, entry) for entry in zipped.infolist())
    else:
        raise ArchiveError(
            f"{archive} is no archive, or is truncated; .zip, .tar, .tar.gz, .tar.bz2 and .tar.xz "
            "are allowed."
        )


def _of_zip(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Member:
    mode = entry.external_attr >> 16  # 0 where the archive was not made on Unix
    is_plain = stat.S_IFMT(mode) in (0, stat.S_IFREG, stat.S_IFDIR)
    fault = "" if is_plain else "is a link or a device"
    if entry.flag_bits & 1:
        fault = "is encrypted"
    return _Member(
        name=_plain(entry.filename),
        size=entry.file_size,
        is_folder=entry.filename.endswith(("/", "\\")),
        fault=_leads_out(entry.filename) or fault,
        open=partial(zipped.open, entry),
    )


def _of_tar(taped: tarfile.TarFile, entry: tarfile.TarInfo) -> _Member:
    def content() -> IO[bytes]:
        stream = taped.extractfile(entry)
        if stream is None:
            raise tarfile.ReadError(f"{entry.name} has no content")
        return stream

    return _Member(
        name=_plain(entry.name),
        size=entry.size,
        is_folder=entry.isdir(),
        fault=_leads_out(entry.name)
        or ("" if entry.isdir() or entry.isreg() else "is a link or a device"),
        open=content,
    )


def _plain(name: str) -> str:
    """Return a member's path with `/` between folders: Windows' programs may have written others."""
    return str(PurePosixPath(name.replace("\\", "/")))


def _leads_out(name: str) -> str:
    windows = PureWindowsPath(name)  # takes both kinds of separators, and drives
    if windows.drive or windows.root:
        return "has an absolute path"
    return "leads out of the folder" if ".." in windows.parts else ""


def _within_limits(archive: Path, found: Iterator[_Member], most_bytes: int) -> list[_Member]:
    """Return the members; stop reading where there are too many, or too many bytes."""
    members: list[_Member] = []
    size = 0
    for member in found:
        members.append(member)
        size += member.size
        if size > most_bytes:
            raise ArchiveError(
                f"{archive} would unpack to more than {most_bytes / 2**30:.1f} GiB, over "
                f"{MOST_TIMES_LARGER} times its size; this is refused as a bomb."
            )
        if len(members) > MOST_MEMBERS:
            raise ArchiveError(
                f"{archive} has more than {MOST_MEMBERS} files; so many are refused."
            )
    return members


def _require_harmless(archive: Path, members: Sequence[_Member]) -> None:
    names = [member.name for member in members if not member.is_folder]
    faults = [f"'{member.name}' {member.fault}" for member in members if member.fault]
    if len(set(names)) < len(names):
        twice = sorted(name for name in set(names) if names.count(name) > 1)
        faults += [f"'{name}' is in it twice" for name in twice]
    if faults:
        title = f"{archive} is not unpacked; plain files and folders inside it are allowed:"
        raise ArchiveError(list_faults(title, faults))


def _require_room(archive: Path, place: Path, members: Sequence[_Member]) -> None:
    needed, free = sum(member.size for member in members), shutil.disk_usage(place).free
    if needed > free:
        raise ArchiveError(
            f"{archive} needs {needed / 2**30:.1f} GiB; {place.parent} has {free / 2**30:.1f} GiB left."
        )


def _write(member: _Member, path: Path) -> None:
    if member.is_folder:
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with member.open() as source, path.open("xb") as target:
        shutil.copyfileobj(source, target, CHUNK_BYTES)
