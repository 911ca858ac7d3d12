"""Which inputs of the network stand for the categories of a column? One for each, 0 or 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innereye.data.scalar.labels import is_unknown


@dataclass(frozen=True)
class OneHotEncoder:
    """The categories of each column, sorted."""

    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def fit(cls, frame: pd.DataFrame, columns: Sequence[str]) -> "OneHotEncoder":
        """Return the encoder for all categories in some columns of a table; the order of rows is nothing."""
        return cls(
            {
                column: tuple(sorted({text for text in frame[column] if not is_unknown(text)}))
                for column in columns
            }
        )

    def encode(self, column: str, category: str) -> np.ndarray:
        """Return float32, 1 for the category and 0 for the others; NaN all over where it is unknown."""
        known = self.categories[column]
        if category not in known:
            return np.full(len(known), np.nan, np.float32)
        return np.array([category == each for each in known], np.float32)

    def to_plain(self) -> dict[str, list[str]]:
        """Return what JSON can hold."""
        return {column: list(names) for column, names in self.categories.items()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Sequence[str]]) -> "OneHotEncoder":
        """Return the encoder of `to_plain`."""
        return cls({column: tuple(names) for column, names in plain.items()})
