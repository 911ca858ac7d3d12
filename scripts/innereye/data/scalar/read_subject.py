"""What do the rows of one subject say? Its label, features and files, or what is wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from innereye.data.scalar.files_by_name import FilesByName
from innereye.data.scalar.label_transforms import transform_labels
from innereye.data.scalar.labels import as_float32, is_unknown, parse_label, parse_number
from innereye.data.scalar.layout import ONLY_ROW, Feature, Layout
from innereye.data.scalar.one_hot import OneHotEncoder
from innereye.data.scalar.rows import Row, RowsOfSubject
from innereye.data.sheet import path_fault

EMPTY = np.zeros(0, np.float32)


@dataclass
class Found:
    """What the rows of a subject give: the parts of an item, mistakes, and what is not there.

    `faults` complete `subject 7`, `lacks` are phrases of their own.
    """

    parts: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


class SubjectReader:
    """Reads one subject after the other by the same layout and categories."""

    def __init__(
        self,
        layout: Layout,
        encoder: OneHotEncoder,
        files: FilesByName,
        labels_required: bool,
    ) -> None:
        self.layout = layout
        self.encoder = encoder
        self.files = files
        self.labels_required = labels_required

    def read(self, rows: RowsOfSubject) -> Found:
        """Return what the rows of a subject, by channel, give."""
        found = Found()
        single = self._one_row_each(rows, found)
        found.parts = {
            "label": self._label(single, found),
            "numerical": self._features(single, found, self.layout.numerical, self._number),
            "categorical": self._features(single, found, self.layout.categorical, self._category),
            "images": self._images(single, found),
            "metadata": self._metadata(single),
        }
        return found

    def _one_row_each(self, rows: RowsOfSubject, found: Found) -> dict[str, Row]:
        """Return the row of each channel that has exactly one."""
        single: dict[str, Row] = {}
        for channel in self.layout.channels:
            matches = rows.get(channel, [])
            if len(matches) > 1:
                hint = (
                    "one is allowed"
                    if channel
                    else "one is allowed, as the model names no channels"
                )
                found.faults.append(f"{_in(channel)}: there are {len(matches)} rows; {hint}")
            elif matches:
                single[channel] = matches[0]
            else:
                found.lacks.append(f"channel '{channel}' has no row")
        return single

    def _label(self, single: Mapping[str, Row], found: Found) -> np.ndarray | None:
        layout = self.layout
        labels: list[np.ndarray] = []
        for channel in layout.label_channels:
            if channel not in single:
                return None
            text = single[channel][layout.label_value_column]
            try:
                labels.append(parse_label(text, layout.kind, layout.number_of_classes))
            except ValueError as error:
                found.faults.append(f"{_in(channel)}: {error}")
                return None
        try:
            label = transform_labels(labels, layout.label_transforms)
        except ValueError as error:
            found.faults.append(f": it {error}")
            return None
        if np.isinf(label).any():
            found.lacks.append("the label is not finite")
        elif self.labels_required and np.isnan(label).any():
            found.lacks.append("the label is unknown")
        return label

    def _features(
        self,
        single: Mapping[str, Row],
        found: Found,
        features: tuple[Feature, ...],
        read: Callable[[str, str], np.ndarray],
    ) -> np.ndarray:
        """Return the values of all columns and channels, one behind the other."""
        values: list[np.ndarray] = []
        for feature in features:
            for channel in feature.channels:
                if channel not in single:
                    continue
                text = single[channel][feature.column]
                try:
                    value = read(feature.column, text)
                except ValueError as error:
                    found.faults.append(f"{_in(channel)}: {error}")
                    continue
                if not np.isfinite(value).all():
                    known = "unknown" if is_unknown(text) else f"'{text}', which cannot be used"
                    found.lacks.append(f"{_of(channel)}column '{feature.column}' is {known}")
                values.append(value)
        return np.concatenate(values) if values else EMPTY

    def _number(self, column: str, text: str) -> np.ndarray:
        return as_float32(parse_number(text, what=f"column '{column}':"))

    def _category(self, column: str, text: str) -> np.ndarray:
        return self.encoder.encode(column, text)

    def _images(self, single: Mapping[str, Row], found: Found) -> dict[str, str]:
        column = self.layout.image_file_column
        paths: dict[str, str] = {}
        for channel in self.layout.image_channels:
            if channel not in single or column is None:
                continue
            cell = single[channel][column]
            if is_unknown(cell):
                found.lacks.append(f"{_of(channel)}there is no path of an image")
            elif self.layout.finds_files_by_name:
                self._find_file(channel, cell, found, paths)
            elif fault := path_fault(cell):
                found.faults.append(f"{_in(channel)}: {fault.replace('filePath', column)}")
            else:
                paths[channel] = cell
        return paths

    def _find_file(self, channel: str, name: str, found: Found, paths: dict[str, str]) -> None:
        matches = self.files.find(name)
        if len(matches) == 1:
            paths[channel] = matches[0]
        elif matches:
            found.faults.append(f"{_in(channel)}: '{name}' may be {' or '.join(matches)}")
        else:
            found.lacks.append(f"{_of(channel)}there is no file named '{name}'")

    def _metadata(self, single: Mapping[str, Row]) -> dict[str, str]:
        """Return the cells of the label's row that are nothing else."""
        row = single.get(self.layout.label_channels[0], {})
        read = self.layout.columns_of_items
        return {column: text for column, text in row.items() if column not in read}


def _in(channel: str) -> str:
    return f", channel '{channel}'" if channel != ONLY_ROW else ""


def _of(channel: str) -> str:
    return f"channel '{channel}': " if channel != ONLY_ROW else ""
