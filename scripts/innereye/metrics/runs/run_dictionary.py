"""Where does each run of an analysis lie? `RunDictionary.txt`."""

from collections.abc import Mapping
from pathlib import Path

from innereye.io.files import atomic_write

GAP = "    "


def write_run_dictionary(path: Path, places: Mapping[str, str]) -> None:
    """Write one line per run, sorted by name: the name, padded to the longest, and its place.

    `places`: the place (a path, or the id of a run in the cloud) of each name.
    """
    width = max((len(name) for name in places), default=0)
    lines = [f"{name:<{width}}{GAP}{places[name]}\n" for name in sorted(places)]
    with atomic_write(path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8", newline="\n")
