"""What does the dataset.json of a Decathlon or nnU-Net folder say? Channels, structures, cases."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innereye.errors import DatasetError, list_faults
from innereye.io.image import SUFFIXES
from innereye.names import BACKGROUND, natural_key, subject_folder

DATASET_JSON = "dataset.json"
IMAGES = "imagesTr"
LABELS = "labelsTr"
IGNORE = "ignore"


@dataclass(frozen=True)
class Case:
    """A labelled image: its name, the subject that it becomes, its images and its label map."""

    name: str
    subject: str
    images: tuple[Path, ...]
    label: Path


@dataclass(frozen=True)
class Source:
    """Channels in order, structures by label value, cases in natural order of their names."""

    channels: tuple[str, ...]
    structures: dict[int, str]
    cases: tuple[Case, ...]


def read_source(folder: Path) -> Source:
    """Return what a Decathlon or nnU-Net v2 folder holds; no volume is opened.

    Raises:
        DatasetError: dataset.json is missing or unclear, or files are missing; all faults at once.
    """
    content = _read_json(folder / DATASET_JSON)
    structures, faults = _structures(content)
    channels, channel_faults = _channels(content)
    faults += channel_faults
    both = sorted(set(channels) & set(structures.values()))
    faults += [f"'{name}' is both a channel and a structure" for name in both]
    cases, case_faults = _cases(folder, content, len(channels))
    faults += case_faults
    if faults:
        raise DatasetError(list_faults(f"{folder} cannot be imported:", faults))
    return Source(tuple(channels), structures, tuple(cases))


def safe_name(name: str) -> str:
    """Return a name for a channel or structure: lower case, other signs than a-z 0-9 . - as `_`."""
    return re.sub(r"[^a-z0-9.-]+", "_", name.strip().lower()).strip("_.")


def subject_ids(names: Sequence[str]) -> list[str]:
    """Return ids for cases: the last number in each name, when all have one and no two the same."""
    numbers = [re.findall(r"\d+", name) for name in names]
    ids = [str(int(found[-1])) for found in numbers if found]
    return ids if len(set(ids)) == len(names) else list(names)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DatasetError(
            f"{path} does not exist; a Medical Segmentation Decathlon or nnU-Net v2 folder has one."
        ) from None
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path} cannot be read as JSON: {error}.") from None
    if not isinstance(content, dict):
        raise DatasetError(f"{path} holds no JSON object.")
    return content


def _structures(content: Mapping[str, Any]) -> tuple[dict[int, str], list[str]]:
    """Return structures by label value; both orders of `labels` are read."""
    labels = content.get("labels")
    if not isinstance(labels, dict) or not labels:
        return {}, [f"{DATASET_JSON} has no labels"]
    pairs: list[tuple[str, object]] = []
    for key, value in labels.items():
        reads_as_value = key.strip().isdecimal() and isinstance(value, str)
        pairs.append((value, key.strip()) if reads_as_value else (key, value))
    structures: dict[int, str] = {}
    faults: list[str] = []
    for name, value in pairs:
        if isinstance(value, list):
            faults.append(
                f"label '{name}' is a region of several labels; only single labels are read"
            )
        elif name.strip().lower() == IGNORE:
            faults.append(f"label '{name}': voxels to be ignored are not supported")
        elif not str(value).isdecimal():
            faults.append(f"label '{name}' has the value {value!r}; whole numbers are allowed")
        elif int(str(value)) in structures:
            faults.append(f"label value {value} has more than one name")
        elif int(str(value)):
            structures[int(str(value))] = safe_name(name)
    faults += _name_faults("structure", list(structures.values()))
    if BACKGROUND in structures.values():
        faults.append(f"'{BACKGROUND}' has a label value other than 0")
    if not structures and not faults:
        faults.append("the labels name no structure")
    return dict(sorted(structures.items())), faults


def _channels(content: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    named = content.get("channel_names", content.get("modality"))
    if not isinstance(named, dict) or not named:
        return [], [f"{DATASET_JSON} has no channel_names and no modality"]
    channels = [safe_name(str(named[key])) for key in sorted(named, key=natural_key)]
    repeated = {name for name, count in Counter(channels).items() if count > 1}
    if repeated:  # such as two runs of the same sequence
        channels = [
            f"{name}_{index}" if name in repeated else name for index, name in enumerate(channels)
        ]
    return channels, _name_faults("channel", channels)


def _name_faults(kind: str, names: Sequence[str]) -> list[str]:
    faults = [
        f"more than one {kind} would be called '{name}'"
        for name, count in Counter(names).items()
        if count > 1
    ]
    return faults + [f"a {kind} has a name without letters or digits" for name in names if not name]


def _cases(folder: Path, content: Mapping[str, Any], channels: int) -> tuple[list[Case], list[str]]:
    ending = str(content.get("file_ending", SUFFIXES[0]))
    if ending.lower() not in SUFFIXES:
        return [], [f"file_ending is '{ending}'; {' and '.join(SUFFIXES)} are allowed"]
    listed = content.get("training")
    if isinstance(listed, list):
        pairs, faults = _listed_pairs(folder, listed)
    else:
        pairs, faults = _found_pairs(folder, ending), []
    if not pairs and not faults:
        return [], [f"there are no cases: {DATASET_JSON} lists none, and {IMAGES} holds none"]
    names = sorted(pairs, key=lambda name: (natural_key(name), name))
    cases: list[Case] = []
    for name, subject in zip(names, subject_ids(names), strict=True):
        image, label = pairs[name]
        images = _image_files(image, channels)
        missing = [path for path in (*images, label) if not path.is_file()]
        faults += [f"case {name}: {path} does not exist" for path in missing]
        cases.append(Case(name, subject, images, label))
    folders = Counter(subject_folder(case.subject).casefold() for case in cases)
    shared = [case.name for case in cases if folders[subject_folder(case.subject).casefold()] > 1]
    if shared:
        faults.append(f"cases {', '.join(shared)} would share folders; their names are too alike")
    return cases, faults


def _listed_pairs(
    folder: Path, listed: Sequence[object]
) -> tuple[dict[str, tuple[Path, Path]], list[str]]:
    """Return image and label of each case of the Decathlon's list, by name."""
    pairs: dict[str, tuple[Path, Path]] = {}
    faults: list[str] = []
    for number, entry in enumerate(listed):
        if not isinstance(entry, dict) or not {"image", "label"} <= set(entry):
            faults.append(f"entry {number} of training does not name an image and a label")
            continue
        image, label = folder / str(entry["image"]), folder / str(entry["label"])
        name = _without_suffix(label.name)
        if name in pairs:
            faults.append(f"case {name} is listed more than once")
        pairs[name] = (image, label)
    return pairs, faults


def _found_pairs(folder: Path, ending: str) -> dict[str, tuple[Path, Path]]:
    """Return image (without its channel number) and label of each case of an nnU-Net folder."""
    images = {
        match[1]
        for path in (folder / IMAGES).glob(f"*{ending}")
        if (match := re.fullmatch(r"([^.].*)_\d{4}", path.name.removesuffix(ending)))
    }
    labels = {
        path.name.removesuffix(ending)
        for path in (folder / LABELS).glob(f"*{ending}")
        if not path.name.startswith(".")
    }
    return {
        name: (folder / IMAGES / f"{name}{ending}", folder / LABELS / f"{name}{ending}")
        for name in images | labels
    }


def _image_files(image: Path, channels: int) -> tuple[Path, ...]:
    """Return the one file of all channels when it is there, else one file per channel."""
    if image.is_file():
        return (image,)
    stem = _without_suffix(image.name)
    suffix = image.name.removeprefix(stem)
    numbered = tuple(image.with_name(f"{stem}_{index:04d}{suffix}") for index in range(channels))
    return numbered if any(path.is_file() for path in numbered) else (image,)


def _without_suffix(name: str) -> str:
    suffix = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)] if suffix else name
