"""What did the processes of a run print last, and which of them says why it failed?"""

import re

from snakemake_executor_plugin_azureml.azureml_workspace.artifacts import (
    ORIGIN,
    addresses_below,
    container_of,
)
from snakemake_executor_plugin_azureml.azureml_workspace.blobs import VERSION
from snakemake_executor_plugin_azureml.azureml_workspace.service import Service
from snakemake_executor_plugin_azureml.workspace import NotFoundError

# What the processes printed; then, for runs that came to no process, what made them ready. Older
# nodes write the second folder.
FOLDERS = ("user_logs", "azureml-logs")
PRINTED = re.compile(r"user_logs/std_log.*\.txt|azureml-logs/70_driver_log.*\.txt")
PREPARING = re.compile(r"azureml-logs/(20_image_build|55_|65_|75_).*\.txt")
# The end of a log that is looked at, in bytes.
TAIL = 256 * 1024
LOGS_SHOWN = 4

FAILURE = re.compile(r"^Traceback \(most recent call last\)|\b\w*(Error|Exception)\b", re.MULTILINE)
# What a process says when it was another one that failed first.
BYSTANDER = re.compile(
    r"connection closed by peer|connection reset by peer|broken pipe|socket timeout|timed out"
    r"|ChildFailedError|ProcessGroup|NCCL|gloo|SIGTERM",
    re.IGNORECASE,
)


def ending_of_logs(service: Service, run_id: str, lines: int) -> str:
    """Return the last lines of a run's logs; of several, the one that tells most comes first."""
    tails = _tails(service, run_id)
    if len(tails) <= 1:
        return "\n".join("\n".join(tail.splitlines()[-lines:]) for tail in tails.values())
    ranked = sorted(tails, key=lambda name: (-_weight(tails[name]), name))
    parts = []
    for place, name in enumerate(ranked[:LOGS_SHOWN]):
        kept = lines if place == 0 else max(1, lines // 4)
        parts.append("\n".join([f"{name}:", *tails[name].splitlines()[-kept:]]))
    return "\n\n".join(parts)


def _weight(text: str) -> int:
    """How much does a log say about the failure? 2: its cause; 1: that another process failed."""
    causes = [line for line in text.splitlines() if FAILURE.search(line)]
    if not causes:
        return 0
    return 1 if BYSTANDER.search(text) else 2


def _tails(service: Service, run_id: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in FOLDERS:
        try:
            found |= addresses_below(service, ORIGIN, container_of(run_id), folder)
        except NotFoundError:
            continue
        if any(PRINTED.fullmatch(path) for path in found):
            break
    printed = [path for path in found if PRINTED.fullmatch(path)]
    chosen = printed or [path for path in found if PREPARING.fullmatch(path)]
    return {path: _tail(service, found[path], path) for path in sorted(chosen)}


def _tail(service: Service, url: str, about: str) -> str:
    """Return the end of a log, which may still be growing."""
    head = service.ask("HEAD", url, about, signed=False, headers=VERSION)
    size = int(head.headers.get("Content-Length", 0))
    if not size:
        return ""
    headers = {**VERSION, "x-ms-range": f"bytes={max(0, size - TAIL)}-"}
    answer = service.ask("GET", url, about, signed=False, headers=headers)
    return answer.content.decode("utf-8", errors="replace")
