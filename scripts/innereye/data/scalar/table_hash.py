"""Has anything changed that items are made of? A hash of their rows and of their files."""

import hashlib
import json
from collections.abc import Mapping

import pandas as pd

from innereye.data.identities import MISSING, FileState
from innereye.data.scalar.files_by_name import FilesByName
from innereye.data.scalar.items import fit_encoder
from innereye.data.scalar.labels import is_unknown
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.rows import used


def image_paths(frame: pd.DataFrame, layout: Layout, files: FilesByName) -> dict[str, str]:
    """Return the path of each image that the rows name, by what stands in the table.

    A name that no file, or more than one, has is left out.
    """
    column = layout.image_file_column
    if column is None or not layout.image_channels:
        return {}
    rows = used(frame, layout)
    if layout.channel_column:
        rows = rows.loc[rows[layout.channel_column].isin(layout.image_channels)]
    cells = [cell for cell in dict.fromkeys(rows[column]) if not is_unknown(cell)]
    if not layout.finds_files_by_name:
        return {cell: cell for cell in cells}
    return {cell: files.find(cell)[0] for cell in cells if len(files.find(cell)) == 1}


def rows_hash(
    frame: pd.DataFrame,
    layout: Layout,
    paths: Mapping[str, str],
    states: Mapping[str, FileState],
) -> str:
    """Return a short hash of the rows and columns that items are made of, and of their files.

    `paths` are those of `image_paths`, `states` the files by path. The order of the rows has no part in
    it, and what the model does not read changes nothing.
    """
    rows = used(frame, layout)
    identities = [""] * len(rows)
    if layout.image_file_column and layout.image_channels:
        known = {path: state.identity for path, state in states.items()}
        cells = rows[layout.image_file_column]
        identities = [known.get(paths.get(cell, ""), MISSING) for cell in cells]
    lines = sorted(
        [*row, seen] for row, seen in zip(rows.to_numpy().tolist(), identities, strict=True)
    )
    return _short([list(layout.columns), lines])


def categories_hash(frame: pd.DataFrame, layout: Layout) -> str:
    """Return a short hash of the categories of a whole data set: another one is another network."""
    return _short(fit_encoder(frame, layout).to_plain())


def _short(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
