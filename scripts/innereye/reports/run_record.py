"""What was a run made with? args.txt and buildinformation.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innereye.io.files import atomic_write
from innereye.provenance.build import git_state, library_versions, now
from innereye.provenance.code import ROOT

NAME_WIDTH = 40


def write_args(path: Path, options: Mapping[str, Any]) -> None:
    """Write all options, one a line: a tab, the name in 40 characters, a colon, the value."""
    lines = ["", "Arguments:"]
    lines += [f"\t{name:<{NAME_WIDTH}}: {value}" for name, value in sorted(options.items())]
    with atomic_write(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_build_information(
    path: Path,
    *,
    identity: Mapping[str, Any],
    code: Mapping[str, str],
    options: Mapping[str, Any],
    dataset: str,
) -> None:
    """Write state of the code, versions, hash of the data set, options and time as JSON.

    `identity` says which run the folder holds; `code` has the fingerprint of each stage that makes
    results; `dataset` is the hash of all rows and files.
    """
    information = {
        "run": dict(identity),
        "created_utc": now(),
        "dataset_hash": dataset,
        "versions": library_versions(),
        "git": git_state(ROOT),
        "code": dict(code),
        "options": dict(sorted(options.items())),
    }
    with atomic_write(path) as temporary:
        text = json.dumps(information, indent=2) + "\n"
        temporary.write_text(text, encoding="utf-8", newline="\n")
