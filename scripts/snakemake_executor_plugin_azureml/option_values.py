"""How are the texts of options read? Each reader raises ValueError with what is allowed."""

import json
import re
from collections.abc import Mapping

DOWNLOADS = ("all", "declared")

# What the service allows for the tags of a run.
MOST_TAGS = 50
LONGEST_TAG_NAME = 100
LONGEST_TAG = 1000

# A name on which the executor relies; a user's value would break what it finds again.
RESERVED_TAGS = frozenset(
    {"run_recovery_id", "workflow_run", "attempt", "commandline_args", "parent_run_id", "model_id"}
)

_SECONDS = {"": 60, "s": 1, "m": 60, "h": 3600, "d": 86400}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def parse_duration(text: str) -> int | None:
    """Return a time in seconds: a number of minutes, or 90s, 30m, 1.5h, 2d. None for no text."""
    if not text.strip():
        return None
    found = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+) *([smhd]?)", text.strip().lower())
    seconds = round(float(found[1]) * _SECONDS[found[2]]) if found else 0
    if seconds < 1:
        raise ValueError("is no time: allowed are minutes, or a number with s, m, h or d (1.5h)")
    return seconds


def parse_tags(text: str) -> dict[str, str]:
    """Return tags written as NAME=VALUE,NAME=VALUE or as a JSON object of texts and numbers."""
    tags = _json_tags(text) if text.lstrip().startswith("{") else _listed_tags(text)
    check_tags(tags)
    return tags


def _json_tags(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON object ({error.msg}, column {error.colno})") from None
    if any(isinstance(value, dict | list) for value in found.values()):
        raise ValueError("has a tag that is a list or an object: allowed are texts and numbers")
    return {name: value if isinstance(value, str) else str(value) for name, value in found.items()}


def _listed_tags(text: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in text.split(",") if item.strip()]
    if not all(name.strip() and equals for name, equals, _ in pairs):
        raise ValueError("is no list of tags: allowed is NAME=VALUE,NAME=VALUE or a JSON object")
    return {name.strip(): value.strip() for name, _, value in pairs}


def check_tags(tags: Mapping[str, str]) -> None:
    """Raise ValueError for tags that the service refuses or that the executor sets itself."""
    if reserved := sorted(RESERVED_TAGS & tags.keys()):
        raise ValueError(f"has tags that the executor sets itself: {', '.join(reserved)}")
    if long := sorted(name for name in tags if len(name) > LONGEST_TAG_NAME):
        raise ValueError(f"has a tag whose name is longer than {LONGEST_TAG_NAME}: {long[0]}")
    if long := sorted(name for name in tags if len(tags[name]) > LONGEST_TAG):
        raise ValueError(f"has a tag with more than {LONGEST_TAG} characters: {long[0]}")


def parse_size(text: str) -> str:
    """Return an amount of memory as Docker writes it, such as 16g or 512m."""
    size = text.strip().lower().removesuffix("b")
    if not re.fullmatch(r"[1-9]\d*[kmg]", size):
        raise ValueError("is no amount of memory: allowed is a number with k, m or g, such as 16g")
    return size


def parse_gigabytes(text: str) -> float:
    """Return a number of gigabytes, 0 or more."""
    try:
        size = float(text)
    except ValueError:
        size = -1
    if not 0 <= size < float("inf"):
        raise ValueError("is no number of gigabytes: allowed are 0 and more, such as 10 or 0.5")
    return size


def parse_download(text: str) -> str:
    """Return `all` or `declared`."""
    if text.lower() not in DOWNLOADS:
        raise ValueError("is unknown: allowed are all and declared")
    return text.lower()


def parse_subscription(text: str) -> str:
    """Return the id of a subscription; its name does not do."""
    if not _GUID.fullmatch(text):
        raise ValueError(
            "is no id of a subscription: allowed is 00000000-0000-0000-0000-000000000000, as the "
            "portal shows it on the page of the workspace"
        )
    return text.lower()
