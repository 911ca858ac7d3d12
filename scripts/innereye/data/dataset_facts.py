"""What is there to know of a data set? The facts of all its subjects, several read at once."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from innereye.data.sheet import ChannelLists, path_fault, sheet_faults, subjects_in_order
from innereye.data.subject_facts import SubjectFacts, SubjectFiles, read_subject_facts
from innereye.io.location import locate
from innereye.names import CHANNEL, FILE_PATH, INSTITUTION, SERIES, SUBJECT

logger = logging.getLogger(__name__)

SUBJECTS_PER_MESSAGE = 25


def read_dataset_facts(
    frame: pd.DataFrame,
    lists: ChannelLists,
    *,
    root: Path,
    extra_folders: Sequence[Path] = (),
    workers: int = 1,
) -> tuple[list[SubjectFacts], list[str]]:
    """Return the facts of all subjects, in natural order of their ids, and the faults of the rows.

    `root` is the folder of the filePaths, `extra_folders` are those of further data sets.
    Nothing of a subject but its facts is kept, so the size of the data set does not matter. Processes
    are spawned: a calling script needs its `__main__` guard.
    """
    faults = sheet_faults(frame, lists, masks_required=False)
    subjects = subject_files(frame, lists, root=root, extra_folders=extra_folders)
    processes = min(workers, len(subjects))
    if processes <= 1:
        results = map(read_subject_facts, subjects)
        return _collected(results, len(subjects)), faults
    # Forking a process that has threads can hang; spawning works everywhere.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return _collected(pool.map(read_subject_facts, subjects), len(subjects)), faults


def subject_files(
    frame: pd.DataFrame, lists: ChannelLists, *, root: Path, extra_folders: Sequence[Path] = ()
) -> list[SubjectFiles]:
    """Return the files of each subject that rows name; of repeated rows the first counts."""
    paths: dict[str, dict[str, Path]] = {name: {} for name in subjects_in_order(frame)}
    for subject, channel, path in zip(
        frame[SUBJECT], frame[CHANNEL], frame[FILE_PATH], strict=True
    ):
        if not path_fault(path):
            paths[subject].setdefault(channel, locate(path, root, extra_folders))
    institutions, series = (_single_values(frame, name) for name in (INSTITUTION, SERIES))
    return [
        SubjectFiles(
            subject,
            images={name: found[name] for name in lists.images if name in found},
            structures={name: found[name] for name in lists.structures if name in found},
            missing=tuple(name for name in lists.structures if name not in found),
            institution=institutions.get(subject, ""),
            series=series.get(subject, ""),
        )
        for subject, found in paths.items()
    ]


def _single_values(frame: pd.DataFrame, column: str) -> dict[str, str]:
    """Return the value of a column by subject, where all rows of the subject agree on it."""
    if column not in frame:
        return {}
    cells: defaultdict[str, set[str]] = defaultdict(set)
    for subject, cell in zip(frame[SUBJECT], frame[column], strict=True):
        cells[subject].add(cell)
    return {subject: found.pop() for subject, found in cells.items() if len(found) == 1}


def _collected(results: Iterable[SubjectFacts], number_of_subjects: int) -> list[SubjectFacts]:
    facts: list[SubjectFacts] = []
    for found in results:
        facts.append(found)
        if len(facts) % SUBJECTS_PER_MESSAGE == 0 or len(facts) == number_of_subjects:
            logger.info("Read %d of %d subjects.", len(facts), number_of_subjects)
    return facts
