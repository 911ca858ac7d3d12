"""How are experiments and runs named, and what does a name tell?

A single run is EXPERIMENT_<unix time>_<8 hex digits>, a parent HD_<guid>, its children
PARENT_<child>. A retry adds -r2, -r3 and so on. People name a run by EXPERIMENT:RUN.
"""

import hashlib
import re
import uuid
from datetime import date

_LONGEST_EXPERIMENT = 255
# A run id has at most 256 characters; time, digits and suffix of a retry need their part.
_LONGEST_BEGINNING = 220
_PARENTS = uuid.UUID("6f6a3c1e-2f0b-5c6d-9d1e-5b2f0a4c7e11")

_CHILD = re.compile(r"(?P<parent>HD_[A-Za-z0-9-]+?)_(?P<child>[A-Za-z0-9_]+)(-r(?P<attempt>\d+))?")
_RETRIED = re.compile(r"(?P<run>.+)-r(?P<attempt>\d+)")
_SINGLE = re.compile(r"(?P<experiment>.+)_\d+_[0-9a-f]+|(?P<other>.+)_\d+")


class NameFormatError(ValueError):
    """A text names no experiment or run; the message says what is allowed."""


def safe_name(text: str) -> str:
    """Return a text as a name of an experiment: `foo/bar` becomes `foo_bar`.

    Raises:
        NameFormatError: Not one letter or digit is left.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).lstrip("_")[:_LONGEST_EXPERIMENT]
    if not name:
        raise NameFormatError(
            f"{text!r} cannot name an experiment: it needs a letter or digit (A-Z, a-z, 0-9)."
        )
    return name


def experiment_name(stated: str | None, user: str, today: date) -> str:
    """Return the name of the experiment: the stated one or the branch, or one for the user's month."""
    return safe_name(stated or f"{user}_local_branch_{today:%Y%m}")


def run_id(experiment: str, started: int, key: str, attempt: int = 1) -> str:
    """Return the id of a single run; the same values always give the same id.

    `started` is the time of the workflow's start in seconds, `key` tells its jobs apart.
    """
    digits = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{experiment[:_LONGEST_BEGINNING]}_{started}_{digits}{_retry(attempt)}"


def parent_id(key: str) -> str:
    """Return the id of a parent; the same key always gives the same id."""
    return f"HD_{uuid.uuid5(_PARENTS, key)}"


def child_id(parent: str, child: str, attempt: int = 1) -> str:
    """Return the id of a child, such as PARENT_0, or PARENT_0-r2 for the second attempt.

    Raises:
        NameFormatError: The child's name has other characters than letters, digits and `_`.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", child):
        raise NameFormatError(
            f"The child {child!r} of {parent} cannot be part of a run's id: letters, digits and _ "
            "are allowed."
        )
    return f"{parent}_{child}{_retry(attempt)}"


def _retry(attempt: int) -> str:
    return f"-r{attempt}" if attempt > 1 else ""


def parent_of_child(run: str) -> str | None:
    """Return the id of a child's parent; None for a run of its own."""
    found = _CHILD.fullmatch(run)
    return found["parent"] if found else None


def name_of_child(run: str) -> str | None:
    """Return what a child is called below its parent, such as `0` or `ensemble`."""
    found = _CHILD.fullmatch(run)
    return found["child"] if found else None


def fold_of_child(run: str) -> int | None:
    """Return the number at the end of a child's id, of a retry too; None where there is none."""
    child = name_of_child(run)
    return int(child) if child is not None and child.isdecimal() else None


def attempt_of(run: str) -> int:
    """Return which attempt a run is, 1 for the first."""
    found = _RETRIED.fullmatch(run)
    return int(found["attempt"]) if found else 1


def without_attempt(run: str) -> str:
    """Return the id of a job's first run, of which a run may be a retry."""
    return run.removesuffix(_retry(attempt_of(run)))


def recovery_id(experiment: str, run: str) -> str:
    """Return the text by which people name a run."""
    return f"{experiment}:{run}"


def parse_recovery_id(text: str) -> tuple[str, str]:
    """Return experiment and run of EXPERIMENT:RUN, or of a run's id that begins with its experiment.

    Raises:
        NameFormatError: The text is neither.
    """
    experiment, colon, run = text.strip().partition(":")
    if colon:
        if not experiment or not run or ":" in run:
            raise NameFormatError(_not_a_run(text))
        return experiment, run
    retried = _RETRIED.fullmatch(experiment)
    found = _SINGLE.fullmatch(retried["run"] if retried else experiment)
    if not found or experiment.startswith("HD_"):
        raise NameFormatError(_not_a_run(text))
    return found["experiment"] or found["other"], experiment


def _not_a_run(text: str) -> str:
    return (
        f"{text!r} names no run. Write EXPERIMENT:RUN, such as main:main_1700000000_0a1b2c3d; "
        "it stands among the tags of the run as run_recovery_id."
    )
