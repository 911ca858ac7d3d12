"""Is a data set fit for training? All its faults at once, looking only at what is new."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.data.identities import MISSING, CheckRecord, FileState, file_states
from innereye.data.sheet import (
    REQUIRED_COLUMNS,
    ChannelLists,
    path_fault,
    sheet_faults,
    subjects_in_order,
)
from innereye.data.spacing import Spacing, spacing_fault
from innereye.data.stated_geometry import stated_geometry
from innereye.errors import ImageError
from innereye.io.image import Geometry, Image, read_image
from innereye.io.location import locate
from innereye.names import CHANNEL, FILE_PATH, SUBJECT
from innereye.provenance.files import content_hash

logger = logging.getLogger(__name__)

# Rises when a check is added: subjects that were clean by older checks are looked at again.
CHECKS_VERSION = 1


@dataclass(frozen=True)
class CheckResult:
    """Each fault with subject, channel and file; and what the next check can rely on."""

    faults: list[str]
    record: CheckRecord


@dataclass(frozen=True)
class _SubjectCheck:
    """Files of a subject by channel, and what makes up the check."""

    subject: str
    paths: dict[str, str]
    lists: ChannelLists
    folders: tuple[Path, tuple[Path, ...]]
    check_exclusive: bool
    expected_spacing_xyz: Spacing | None

    def file(self, channel: str) -> Path:
        """The file of a channel."""
        return locate(self.paths[channel], *self.folders)


def check_dataset(
    frame: pd.DataFrame,
    *,
    root: Path,
    image_channels: Sequence[str],
    ground_truth_ids: Sequence[str],
    mask_id: str | None,
    check_exclusive: bool,
    previous: CheckRecord | None,
    workers: int,
    masks_required: bool = True,
    extra_folders: Sequence[Path] = (),
    expected_spacing_xyz: Spacing | None = None,
) -> CheckResult:
    """Return all faults of the rows and files that a model uses, in natural order of the subjects.

    `root` is the folder of the filePaths, `extra_folders` are those of extra data sets. Without
    `masks_required`, subjects may lack structures. A subject that was clean in the `previous` check, with
    the same rows, files and settings, is not opened. An empty structure is logged, and no fault.
    With `expected_spacing_xyz`, in mm, a subject with another spacing has a fault.
    """
    lists = ChannelLists(tuple(image_channels), tuple(ground_truth_ids), mask_id)
    faults = sheet_faults(frame, lists, masks_required=masks_required)
    previous = previous or CheckRecord()
    if any(column not in frame for column in REQUIRED_COLUMNS) or frame.empty:
        return CheckResult(faults, previous)
    about = (lists, (root, tuple(extra_folders)), check_exclusive, expected_spacing_xyz)
    checks = [_SubjectCheck(*each, *about) for each in _paths_of_subjects(frame, lists).items()]
    paths = [path for check in checks for path in check.paths.values()]
    states = file_states(paths, previous, root=root, extra_folders=extra_folders)
    fingerprints = {check.subject: _fingerprint(check, states) for check in checks}
    found, hashes = _look_at_new(checks, fingerprints, previous, workers)
    for path, sha256 in hashes.items():
        if path in states:
            states[path] = replace(states[path], sha256=sha256)
    for subject in found:
        faults += found[subject]
        del fingerprints[subject]
    return CheckResult(faults, CheckRecord({**previous.files, **states}, fingerprints))


def _look_at_new(
    checks: Sequence[_SubjectCheck],
    fingerprints: Mapping[str, str],
    previous: CheckRecord,
    workers: int,
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the faults of the subjects that have some, and the content hashes of what was read."""
    fresh = [
        check
        for check in checks
        if previous.subjects.get(check.subject) != fingerprints[check.subject]
    ]
    logger.info("Looking into the files of %d of %d subjects.", len(fresh), len(checks))
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        results = list(pool.map(_check_subject, fresh))
    hashes = {path: sha256 for _, read in results for path, sha256 in read.items()}
    pairs = zip(fresh, results, strict=True)
    return {check.subject: faults for check, (faults, _) in pairs if faults}, hashes


def _paths_of_subjects(frame: pd.DataFrame, lists: ChannelLists) -> dict[str, dict[str, str]]:
    """Return for each subject the files that can be looked into; other rows have faults already."""
    paths: dict[str, dict[str, str]] = {subject: {} for subject in subjects_in_order(frame)}
    needed = set(lists.needed)
    for subject, channel, path in zip(
        frame[SUBJECT], frame[CHANNEL], frame[FILE_PATH], strict=True
    ):
        if channel in needed and not path_fault(path):
            paths[subject].setdefault(channel, path)
    return {subject: found for subject, found in paths.items() if subject.strip()}


def _fingerprint(check: _SubjectCheck, states: Mapping[str, FileState]) -> str:
    """Return a hash of all that the outcome of a subject's check depends on."""
    lists = check.lists
    files = [
        (channel, path, states[path].identity if path in states else MISSING)
        for channel, path in sorted(check.paths.items())
    ]
    settings = (lists.images, sorted(lists.structures), lists.mask, check.check_exclusive)
    text = json.dumps([CHECKS_VERSION, settings, files])
    if check.expected_spacing_xyz is not None:
        text += json.dumps(check.expected_spacing_xyz)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_subject(check: _SubjectCheck) -> tuple[list[str], dict[str, str]]:
    """Return the faults of a subject's files, and the content hash of each."""
    faults: list[str] = []
    hashes: dict[str, str] = {}
    reference = _reference(check)
    if reference:
        channel, geometry = reference
        fault = spacing_fault(geometry.spacing_zyx_mm, check.expected_spacing_xyz)
        faults += [f"subject {check.subject}, channel '{channel}': {fault}"] * bool(fault)
    overlaps = _Overlaps()
    for channel in check.lists.needed:
        if channel not in check.paths:
            continue
        path, file = check.paths[channel], check.file(channel)
        where = f"subject {check.subject}, channel '{channel}', {path}"
        try:
            image = read_image(file, None)
            hashes[path] = content_hash(file)
        except ImageError as error:
            faults.append(f"{where}: {_without_path(str(error), file)}")
            continue
        if reference is None:
            reference = (channel, replace(image.geometry, is_stated=True))
        for difference in image.geometry.differences(reference[1]):
            faults.append(f"{where}: {difference} of channel '{reference[0]}'")
        is_mask = channel in (*check.lists.structures, *check.lists.masks)
        found = _voxel_faults(image.array, is_mask=is_mask)
        faults += [f"{where}: {fault}" for fault in found]
        if is_mask and not found:
            if not image.array.any():
                logger.warning("%s: no voxel is set.", where)
            if check.check_exclusive and channel in check.lists.structures:
                faults += [f"{where}: {overlap}" for overlap in overlaps.add(channel, image)]
    return faults, hashes


def _reference(check: _SubjectCheck) -> tuple[str, Geometry] | None:
    """Return the grid that results will lie on and the image channel that states it, if it is read.

    Where no image states a grid, results lie on one of 1 mm, and masks that state another do not fit.
    """
    images = {name: check.file(name) for name in check.lists.images if name in check.paths}
    if not images:
        return None
    try:
        channel, geometry = stated_geometry(images)
    except ImageError:
        return None  # told where the files are read
    return channel, replace(geometry, is_stated=True)


class _Overlaps:
    """The structures seen so far, each voxel with the one that holds it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.holder: np.ndarray | None = None

    def add(self, structure: str, image: Image) -> list[str]:
        """Return a sentence for each earlier structure that shares voxels with this one."""
        inside = image.array == 1
        holder = np.zeros(inside.shape, np.uint16) if self.holder is None else self.holder
        if holder.shape != inside.shape:
            return []  # a difference of sizes is a fault of its own
        shared = np.bincount(holder[inside], minlength=len(self.names) + 1)[1:]
        self.names.append(structure)
        holder[inside] = len(self.names)
        self.holder = holder
        return [
            f"overlaps structure '{name}' in {count} voxels; set check_exclusive to False if it may"
            for name, count in zip(self.names, shared, strict=False)
            if count
        ]


def _voxel_faults(array: np.ndarray, *, is_mask: bool) -> list[str]:
    if array.dtype.kind == "f" and (bad := array.size - np.count_nonzero(np.isfinite(array))):
        return [f"{bad} voxels are not finite"]
    if is_mask and np.count_nonzero(array) != np.count_nonzero(array == 1):
        # A fault is rare: the slow way to the values is taken only then.
        values = np.unique(array)
        shown = ", ".join(f"{value:g}" for value in values[:5])
        more = f" and {len(values) - 5} more values" if len(values) > 5 else ""
        return [f"the mask is not binary: it holds {shown}{more}; 0 and 1 are allowed"]
    return []


def _without_path(sentence: str, path: Path) -> str:
    """Return the sentence about a file without the file's name, which the line has already."""
    return sentence.removeprefix(f"{path} ").rstrip(".")
