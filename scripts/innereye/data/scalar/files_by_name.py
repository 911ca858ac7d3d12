"""Which file below the data set's folder does a name stand for?"""

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath


class FilesByName:
    """Files by their names up to the first dot; `paths` are relative to the data set's folder."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._files: dict[str, list[str]] = {}
        for path in sorted(paths):
            self._files.setdefault(stem_of(path), []).append(path)

    def find(self, name: str) -> Sequence[str]:
        """Return the files that a cell of the table may mean: none, one, or several."""
        return self._files.get(stem_of(name), [])


def files_below(folder: Path) -> FilesByName:
    """Return all files below a folder, hidden ones left out."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    visible = (path for path in paths if not any(part.startswith(".") for part in path.parts))
    return FilesByName(path.as_posix() for path in visible)


def stem_of(path: str) -> str:
    """Return the name of a file up to its first dot."""
    return PurePosixPath(path.strip()).name.split(".")[0]
