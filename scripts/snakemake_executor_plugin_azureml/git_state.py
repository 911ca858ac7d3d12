"""Of which state of the sources is a run? What git says of a folder."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_LONGEST_MESSAGE = 120


@dataclass(frozen=True)
class GitState:
    """A checkout; texts are empty where git knows nothing."""

    is_checkout: bool = False
    """False where there is no checkout, or no git."""
    branch: str = ""
    """Empty on a detached head, too."""
    commit: str = ""
    is_dirty: bool = False
    author: str = ""
    message: str = ""
    """The first 120 characters."""
    repository: str = ""
    """Address of the remote `origin`, without user or password."""


def read_git_state(folder: Path) -> GitState:
    """Return the state of the checkout that a folder belongs to."""
    if _git(folder, "rev-parse", "--git-dir") is None:
        return GitState()
    return GitState(
        is_checkout=True,
        branch=read_branch(folder),
        commit=_git(folder, "rev-parse", "--verify", "--quiet", "HEAD") or "",
        is_dirty=bool(_git(folder, "status", "--porcelain")),
        author=_git(folder, "log", "-1", "--format=%an") or "",
        message=(_git(folder, "log", "-1", "--format=%s") or "")[:_LONGEST_MESSAGE],
        repository=_without_user(_git(folder, "config", "--get", "remote.origin.url") or ""),
    )


def is_checkout(folder: Path) -> bool:
    """Does git know the folder?"""
    return _git(folder, "rev-parse", "--git-dir") is not None


def read_branch(folder: Path) -> str:
    """Return the branch, also one without a commit; empty on a detached head or without git."""
    return _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD") or ""


def _without_user(address: str) -> str:
    # Tokens stand there: https://user:token@host/repository.
    return re.sub(r"^(\w[\w+.-]*://)[^/@]*@", r"\1", address)


def _git(folder: Path, *command: str) -> str | None:
    """Return what a git command prints, or None if it fails."""
    try:
        done = subprocess.run(
            ("git", "-C", str(folder), *command),
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
