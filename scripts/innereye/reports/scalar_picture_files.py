"""Which pictures of subjects lie beside a scalar model's report? Files, and why some are missing."""

from pathlib import Path

import pandas as pd

from innereye.io.files import read_table, write_table
from innereye.names import SUBJECT

PICTURES_CSV = "pictures.csv"
FILE, PROBLEM = "file", "problem"


def write_pictures(folder: Path, rows: list[tuple[str, str, str]]) -> None:
    """Write the table of pictures: subject, file, and the problem where there is no file."""
    write_table(folder / PICTURES_CSV, pd.DataFrame(rows, columns=[SUBJECT, FILE, PROBLEM]))


def read_pictures(folder: Path) -> dict[str, Path | str]:
    """Return the picture of each subject, or the sentence that says why there is none."""
    if not (folder / PICTURES_CSV).is_file():
        return {}
    table = read_table(folder / PICTURES_CSV)
    rows = zip(table[SUBJECT], table[FILE], table[PROBLEM], strict=True)
    return {subject: folder / file if file else problem for subject, file, problem in rows}
