"""How does a training survive the machine that it runs on? By a copy on a disk that stays.

The disk is blob storage that looks like a folder: a file appears there whole by its new name or not
at all, but nothing can be locked or linked. Each set is therefore one small list of files, written
after them, and a file is named after its contents.
"""

import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from innereye.errors import CheckpointError
from innereye.io.files import atomic_write
from innereye.training.recovery import Recovery

logger = logging.getLogger(__name__)

SET, FILE, PART = ".set.json", ".file", ".part"
# One whole set exists whatever happens while the next one is written.
SETS_KEPT = 2

Contents = Mapping[str, str]
"""Files of a set: place in the recovery folder, and hash."""


@dataclass
class RecoveryCopy:
    """Sets of files of a recovery folder, by finished epochs. Its folder serves one training."""

    folder: Path
    _hashes: dict[tuple[Path, int, int], str] = field(default_factory=dict)

    def save(self, recovery: Recovery, files: Sequence[Path], *, finished: int) -> None:
        """Copy the files that a training needs to continue after an epoch.

        Trouble with the disk costs safety, not the training: it is only logged.
        """
        try:
            contents: dict[str, str] = {}
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in files:
                contents[path.relative_to(recovery.folder).as_posix()] = self._put(path)
            text = json.dumps({"finished": finished, "files": contents})
            self._write(_name(finished), text)
            self._remove_sets_beside(finished)
        except OSError as error:
            logger.warning("Epoch %d has no copy in %s: %s.", finished, self.folder, error)

    def restore(self, recovery: Recovery) -> None:
        """Bring the files of the last whole set into a recovery folder that has no checkpoints."""
        if list(recovery.checkpoints.glob("*.ckpt")):
            return
        for path in reversed(self._sets()):
            try:
                for place, digest in _read(path).items():
                    self._fetch(digest, recovery.folder / place)
            except CheckpointError as error:
                logger.warning("A copy of the training is left out: %s", error)
            else:
                logger.info("Found what a training of before left in %s.", self.folder)
                return

    def _put(self, path: Path) -> str:
        """Copy a file, unless its contents are there; returns their hash."""
        status = path.stat()
        key = (path, status.st_size, status.st_mtime_ns)
        if key not in self._hashes:
            self._hashes[key] = _hash(path)
        digest = self._hashes[key]
        target = self.folder / f"{digest}{FILE}"
        if not target.is_file() or target.stat().st_size != status.st_size:
            part = target.with_suffix(PART)
            shutil.copyfile(path, part)
            part.replace(target)
        return digest

    def _write(self, name: str, text: str) -> None:
        part = self.folder / f"{name}{PART}"
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / name)

    def _sets(self) -> list[Path]:
        """Return the lists of all sets, oldest first."""
        return sorted(self.folder.glob(f"*{SET}"))

    def _remove_sets_beside(self, finished: int) -> None:
        """Keep the last sets up to this one; a later set was not whole, or it would have been used."""
        sets = [path for path in self._sets() if path.name <= _name(finished)][-SETS_KEPT:]
        kept = {path.name for path in sets}
        kept |= {f"{digest}{FILE}" for path in sets for digest in _read(path).values()}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()

    def _fetch(self, digest: str, target: Path) -> None:
        """Copy a file back; raises CheckpointError where its contents are not what they were."""
        source = self.folder / f"{digest}{FILE}"
        if not source.is_file():
            raise CheckpointError(f"{source} does not exist.")
        with atomic_write(target) as temporary:
            shutil.copyfile(source, temporary)
            if _hash(temporary) != digest:
                raise CheckpointError(f"{source} is damaged.")


def copy_of(folder: str | None, fingerprint: str) -> RecoveryCopy | None:
    """Return the copy of the training with this fingerprint; None where no folder is named."""
    if not folder:
        return None
    return RecoveryCopy(Path(folder) / sha256(fingerprint.encode()).hexdigest()[:16])


def _read(path: Path) -> Contents:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["files"])
    except (ValueError, LookupError, TypeError):
        raise CheckpointError(f"{path} is not whole.") from None


def _name(finished: int) -> str:
    return f"{finished:06d}{SET}"


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()
