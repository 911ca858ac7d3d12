"""Under which versions of code and libraries was a run made?"""

import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "snakemake",
    "torch",
    "pytorch-lightning",
    "SimpleITK",
    "nibabel",
    "numpy",
    "pandas",
    "scipy",
    "edt",
    "connected-components-3d",
)
GIT_FIELDS = {
    "source_branch": ("rev-parse", "--abbrev-ref", "HEAD"),
    "source_id": ("rev-parse", "HEAD"),
    "source_author": ("log", "-1", "--format=%an"),
    "source_message": ("log", "-1", "--format=%s"),
    "source_repository": ("config", "--get", "remote.origin.url"),
    "source_dirty": ("status", "--porcelain"),
}


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def library_versions() -> dict[str, str]:
    """Return the version of Python and of each package that makes results."""
    return {"python": platform.python_version()} | {name: version_of(name) for name in PACKAGES}


def version_of(package: str) -> str:
    """Return the installed version of a package, or `not installed`."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def git_state(folder: Path) -> dict[str, str | bool | None]:
    """Return commit, branch, author and message (120 characters) of a checkout, and if it is edited.

    Each is None where the folder is no checkout, or git is not installed.
    """
    state: dict[str, str | bool | None] = {
        name: git_output(folder, command) for name, command in GIT_FIELDS.items()
    }
    message, dirty = state["source_message"], state["source_dirty"]
    if address := state["source_repository"]:
        state["source_repository"] = re.sub("//[^/@]*@", "//", str(address))  # a token, perhaps
    state["source_message"] = message[:120] if isinstance(message, str) else None
    state["source_dirty"] = None if dirty is None else bool(dirty)
    return state


def git_output(folder: Path, command: tuple[str, ...]) -> str | None:
    """Return what a git command prints, or None if it fails."""
    try:
        done = subprocess.run(
            ("git", "-C", str(folder), *command), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
