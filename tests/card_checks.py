"""Is a model card right? It is read back, compared with pandas, and searched for contradictions."""

import math
import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

TITLES = {
    "Dice": "Dice",
    "Hausdorff distance in mm": "HausdorffDistance_mm",
    "Mean surface distance in mm": "MeanDistance_mm",
    "Hausdorff distance, 95th percentile, in mm": "HausdorffDistance95_mm",
    "Normalised surface Dice": "NormalizedSurfaceDice",
}
ROUNDING = 0.011
AVERAGE = "average of structures"
Tables = dict[str, dict[str, dict[str, dict[str, str]]]]


def tables_of(card: str) -> Tables:
    """Return the cells of the results: by split, metric, structure and column."""
    found: Tables = {}
    results = card.partition("## Results\n")[2].partition("\n## ")[0]
    for part in re.split(r"^### ", results, flags=re.MULTILINE)[1:]:
        name, _, content = part.partition("\n")
        found[name] = {}
        for block in re.split(r"^#### ", content, flags=re.MULTILINE)[1:]:
            title = block.partition("\n")[0].partition(" at ")[0]
            lines = [line for line in block.splitlines() if line.startswith("|")]
            cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
            found[name][TITLES[title]] = {
                row[0]: dict(zip(cells[0], row, strict=True)) for row in cells[2:]
            }
    return found


def faults_of(card: str, scores: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return where the results differ from what pandas makes of the scores, by name of the split."""
    tables = tables_of(card)
    faults = [f"{name} is shown" for name in tables.keys() ^ scores.keys()]
    for name in tables.keys() & scores.keys():
        for metric, rows in tables[name].items():
            expected = expected_rows(scores[name], metric)
            if list(rows) != list(expected):
                faults.append(f"{name}, {metric}: {list(rows)} instead of {list(expected)}")
            faults += [
                f"{name}, {metric}, {structure}, {column}: {row.get(column)} instead of {value}"
                for structure, row in rows.items()
                for column, value in expected.get(structure, {}).items()
                if row.get(column) != value
            ]
    return faults


def expected_rows(scores: pd.DataFrame, metric: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table; structures in the order of their first row, then their average."""
    groups = {key: scores[scores["Structure"] == key] for key in scores["Structure"].unique()}
    rows = {structure: expected_row(rows[metric], metric) for structure, rows in groups.items()}
    if len(rows) > 1:
        rows[AVERAGE] = expected_row(scores.groupby("Patient")[metric].mean(), metric)
    return rows


def expected_row(values: pd.Series, metric: str) -> dict[str, str]:
    """Return the cells of a structure."""
    is_dice = "Dice" in metric
    present = values.dropna()
    finite = present[np.isfinite(present)]
    low = high = math.nan
    if len(finite) > 1:
        reach = stats.t.ppf(0.975, len(finite) - 1) * stats.sem(finite)
        low, high = max(finite.mean() - reach, 0), finite.mean() + reach
        high = min(high, 1) if is_dice else high
    # The median of pandas would be NaN between two infinities.
    ordered = sorted(present)
    middle = [ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]] if ordered else []
    median = sum(middle) / 2 if middle else math.nan
    numbers = {"mean": finite.mean() if len(finite) else math.nan, "median": median}
    numbers |= {"min": present.min(), "max": present.max()}
    row = {name: as_shown(number, is_dice=is_dice) for name, number in numbers.items()}
    interval = " to ".join(as_shown(number, is_dice=is_dice) for number in (low, high))
    row |= {"n": str(len(present)), "missing": str(int(values.isna().sum()))}
    row["95 % CI"] = interval if len(finite) > 1 else "-"
    return row if is_dice else row | {"infinite": str(len(present) - len(finite))}


def as_shown(number: float, *, is_dice: bool) -> str:
    if math.isnan(number):
        return "-"
    return "\N{INFINITY}" if math.isinf(number) else f"{number:.{3 if is_dice else 2}f}"


def contradictions(card: str) -> list[str]:
    """Return what cannot be true of any scores, whatever they are."""
    return [fault for name, tables in tables_of(card).items() for fault in _within(name, tables)]


def _within(name: str, tables: dict[str, dict[str, dict[str, str]]]) -> Iterator[str]:
    counts = {
        int(row["n"]) + int(row["missing"]) for rows in tables.values() for row in rows.values()
    }
    if len(counts) > 1:
        yield f"{name}: the numbers of subjects {sorted(counts)} differ"
    for metric, rows in tables.items():
        for structure, row in rows.items():
            place = f"{name}, {metric}, {structure}"
            low, middle, high = (number_of(row[key]) for key in ("min", "median", "max"))
            mean = number_of(row["mean"])
            if not math.isnan(low) and not low <= middle <= high:
                yield f"{place}: min, median, max are {low}, {middle}, {high}"
            if math.isnan(mean):
                continue
            if not low <= mean <= high:
                yield f"{place}: the mean {mean} is not in {low} to {high}"
            # One of n values lies at least the n-th part of the range away from the mean.
            if mean in (low, high) and (high - low) / int(row["n"]) > ROUNDING:
                yield f"{place}: the mean {mean} is an extreme, and values differ"
            ends = [number_of(text) for text in row["95 % CI"].split(" to ")]
            if len(ends) == 2 and not ends[0] <= mean <= ends[1]:
                yield f"{place}: the mean {mean} is not in its interval"


def number_of(text: str) -> float:
    return {"-": math.nan, "\N{INFINITY}": math.inf}.get(text) or float(text)
