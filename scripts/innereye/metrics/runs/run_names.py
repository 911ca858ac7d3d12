"""What are runs called that only have places? The shortest ends of their paths that differ."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from innereye.errors import InnerEyeError
from innereye.metrics.runs.nnunet_summary import SUMMARY_JSON
from innereye.metrics.runs.run_results import epoch_of
from innereye.names import CROSSVAL_RESULTS, METRICS_CSV, Split

BEST_VALIDATION_EPOCH = "best_validation_epoch"
# Of every run, or of every fold of nnU-Net: they tell nobody which run it is.
IN_EVERY_RUN = frozenset(
    {"outputs", BEST_VALIDATION_EPOCH, CROSSVAL_RESULTS, METRICS_CSV, SUMMARY_JSON}
    | {"validation", "validation_raw"}
)
SEPARATOR = ":"

Parts = tuple[str, ...]


def unique_names(places: Sequence[Path]) -> list[str]:
    """Return a name for each place: the shortest end of its path that no other place ends in.

    Folders that every run has (`outputs`, `epoch_NNN`, `Test`) are left out unless only they
    differ. Parts are joined by colons: `lung/outputs` and `heart/outputs` are `lung` and `heart`,
    their folds `CrossValResults/0` are `lung:0` and `heart:0`.

    Raises:
        InnerEyeError: a place is given twice.
    """
    paths = [Path(os.path.abspath(place)).parts for place in places]  # noqa: PTH100  # links keep their names
    for place, path in zip(places, paths, strict=True):
        if paths.count(path) > 1:
            raise InnerEyeError(f"{place} is given twice as a run; give each place once.")
    for candidates in (
        [_telling(path, with_levels=False) for path in paths],
        [_telling(path, with_levels=True) for path in paths],
        paths,
    ):
        if len(set(candidates)) == len(candidates) and all(candidates):
            break
    return [_shortest_end(path, others=candidates) for path in candidates]


def is_level(name: str) -> bool:
    """Return whether a folder of this name lies in a run: an epoch's, a mode's or the original's."""
    return name in {*Split, BEST_VALIDATION_EPOCH} or epoch_of(Path(name)) is not None


def _telling(path: Parts, *, with_levels: bool) -> Parts:
    return tuple(
        part
        for part in path[1:]
        if part not in IN_EVERY_RUN and (with_levels or not is_level(part))
    )


def _shortest_end(path: Parts, *, others: Iterable[Parts]) -> str:
    others = [other for other in others if other != path]
    length = 1
    while any(other[-length:] == path[-length:] for other in others) and length < len(path):
        length += 1
    return re.sub(r"[/\\]+", "", SEPARATOR.join(path[-length:]))
