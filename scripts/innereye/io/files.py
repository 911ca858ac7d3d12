"""How are files written whole or not at all? Atomic writes and text tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from innereye.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, of the same name, that is renamed to `path` on success.

    Missing folders are made. When the body raises, `path` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    temporary = folder / path.name
    try:
        yield temporary
        temporary.replace(path)
    finally:
        shutil.rmtree(folder)


def read_table(path: Path) -> pd.DataFrame:
    """Return a csv file as text, cell by cell: nothing is guessed, an empty cell is an empty text.

    Raises:
        DatasetError: the file is missing, empty, not UTF-8, or not a table.
    """
    import pandas as pd  # noqa: PLC0415  # half a second that other files need not wait for

    try:
        # Without index_col, a comma at the end of each row would shift all columns by one.
        return pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
        )
    except FileNotFoundError:
        raise DatasetError(f"{path} does not exist.") from None
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        reason = str(error).strip().rstrip(".")
        raise DatasetError(f"{path} is not a table of comma-separated values: {reason}.") from None


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as csv, without an index, with the same line ends on every system."""
    with atomic_write(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")
