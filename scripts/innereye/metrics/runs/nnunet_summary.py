"""How good was a run of nnU-Net? Its `summary.json` as a table of Dice scores."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.names import BACKGROUND, DICE, PATIENT, STRUCTURE

SUMMARY_JSON = "summary.json"
DATASET_JSON = "dataset.json"
# From a fold's validation folder to that of the trainer it is two, to that of the data set three.
PARENTS_SEARCHED = 3

Labels = tuple[int, ...]
CaseScores = tuple[str, Mapping[str, Any]]


def read_summary(path: Path) -> pd.DataFrame:
    """Return Patient, Structure and Dice (0 to 1) of each case and structure, in the file's order.

    Versions 1 and 2 of nnU-Net are read. Patient is the file name of the reference, without its
    ending. Structures have the names of a dataset.json beside the summary or up to three folders
    above, spelled as our import of such data sets spells them, else `label_1`. Dice is NaN where
    neither reference nor prediction have voxels, as in our own tables. Distances are not taken:
    version 2 has none, and version 1 gives NaN to a structure that was missed altogether.

    Raises:
        InnerEyeError: the file or the dataset.json is missing, damaged or something else.
    """
    content = _read_json(path)
    names = _structure_names(path.parent)
    rows: list[tuple[str, str, float]] = []
    for case, scores in _cases(path, content):
        for key, measured in scores.items():
            labels = _labels_of(key)
            if key.lower() == BACKGROUND or labels == (0,):
                continue
            # Version 1 can be told the names of its labels; then these are the keys.
            structure = (
                names.get(labels) or _default_name(labels) if labels else structure_name(key)
            )
            rows.append((case, structure, _dice(measured, where=f"{path}, case {case}, '{key}'")))
    if not rows:
        raise InnerEyeError(f"{path} holds no score of any case.")
    patients, structures, dice = zip(*rows, strict=True)
    columns = {PATIENT: patients, STRUCTURE: structures, DICE: np.array(dice, dtype=np.float64)}
    return pd.DataFrame(columns)


def structure_name(label: str) -> str:
    """Return the name that the import of Decathlon and nnU-Net folders gives to a label."""
    return re.sub(r"[^a-z0-9.-]+", "_", label.strip().lower()).strip("_.")


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InnerEyeError(f"{path} does not exist.") from None
    except (ValueError, OSError) as error:
        raise InnerEyeError(f"{path} cannot be read as JSON: {error}.") from None


def _cases(path: Path, content: Any) -> Iterator[CaseScores]:
    """Give name and scores by label of each case, of either version of the file."""
    try:
        if "metric_per_case" in content:
            for entry in content["metric_per_case"]:
                yield _case_name(entry["reference_file"]), dict(entry["metrics"])
        else:
            for entry in content["results"]["all"]:
                scores = {key: entry[key] for key in entry if key not in ("reference", "test")}
                yield _case_name(entry["reference"]), scores
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InnerEyeError(
            f"{path} is not a summary of nnU-Net: it needs metric_per_case (version 2) or "
            "results.all (version 1), and the reference of each case."
        ) from None


def _case_name(reference: str) -> str:
    """Return the file name without its ending; the path may be one of another system."""
    return PureWindowsPath(reference.removesuffix(".gz")).stem


def _labels_of(key: str) -> Labels:
    """Return the labels of `1` or of a region such as `(1, 2)`; none for a name."""
    if not re.fullmatch(r"[\s\d,()\[\]]+", key):
        return ()
    return tuple(sorted(int(number) for number in re.findall(r"\d+", key)))


def _default_name(labels: Labels) -> str:
    return "_".join(["label", *(str(label) for label in labels)])


def _dice(measured: Any, *, where: str) -> float:
    try:
        value = measured[DICE]
        return math.nan if value is None else float(value)
    except (KeyError, TypeError, ValueError):
        raise InnerEyeError(f"{where}: there is no {DICE} score.") from None


def _structure_names(folder: Path) -> dict[Labels, str]:
    """Return the names of labels and regions from the nearest dataset.json; empty without one."""
    folder = folder.absolute()
    folders = [folder, *folder.parents[:PARENTS_SEARCHED]]
    path = next((f / DATASET_JSON for f in folders if (f / DATASET_JSON).is_file()), None)
    if path is None:
        return {}
    content = _read_json(path)
    labels = content.get("labels") if isinstance(content, dict) else None
    if not isinstance(labels, dict):
        raise InnerEyeError(
            f"{path} has no labels, by which structures of nnU-Net get their names."
        )
    names: dict[Labels, str] = {}
    for key, value in labels.items():
        # The Decathlon and version 1 write number: name, version 2 writes name: number or numbers.
        number, name = (key, value) if isinstance(value, str) and key.isdecimal() else (value, key)
        names[_labels_of(str(number))] = structure_name(name)
    return names
