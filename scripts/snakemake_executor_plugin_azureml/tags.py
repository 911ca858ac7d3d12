"""What do people find written on a run? Tags on where it comes from, without secrets."""

import shlex
from collections.abc import Mapping, Sequence

from snakemake_executor_plugin_azureml.credentials import hide_secrets
from snakemake_executor_plugin_azureml.git_state import GitState
from snakemake_executor_plugin_azureml.names import recovery_id
from snakemake_executor_plugin_azureml.option_values import LONGEST_TAG, LONGEST_TAG_NAME, MOST_TAGS

WORKFLOW_RUN = "workflow_run"
RUN_RECOVERY_ID = "run_recovery_id"
ATTEMPT = "attempt"


def source_tags(source: GitState) -> dict[str, str]:
    """Return the tags on the state of the sources; empty where there is no checkout."""
    if not source.is_checkout:
        return {}
    return {
        "source_repository": source.repository,
        "source_branch": source.branch,
        "source_id": source.commit,
        "source_dirty": str(source.is_dirty),
        "source_author": source.author,
        "source_message": source.message,
    }


def submission_tags(
    *,
    experiment: str,
    run: str,
    workflow_run: str,
    source: GitState,
    command_line: Sequence[str],
    environ: Mapping[str, str],
    tag: str = "",
    stated: Mapping[str, str] | None = None,
    of_the_job: Mapping[str, str] | None = None,
    attempt: int = 1,
) -> dict[str, str]:
    """Return all tags of a run at its submission.

    Later ones win: sources, those of the user (`stated`), those of the job's rule, and those by
    which the executor finds its runs. `environ` holds the secrets that must not appear.
    """
    tags = {
        "tag": tag,
        **source_tags(source),
        "commandline_args": shlex.join(command_line),
        **(stated or {}),
        **(of_the_job or {}),
        RUN_RECOVERY_ID: recovery_id(experiment, run),
        WORKFLOW_RUN: workflow_run,
        **({ATTEMPT: str(attempt)} if attempt > 1 else {}),
    }
    return fitting_tags({name: hide_secrets(value, environ) for name, value in tags.items()})


def fitting_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags as the service takes them: texts that are not empty, cut, 50 at most."""
    cut = {
        name[:LONGEST_TAG_NAME]: value
        if len(value) <= LONGEST_TAG
        else value[: LONGEST_TAG - 3] + "..."
        for name, value in tags.items()
        if value
    }
    first = (RUN_RECOVERY_ID, WORKFLOW_RUN, ATTEMPT)  # by these the executor finds its runs
    kept = {name: cut[name] for name in first if name in cut}
    for name, value in cut.items():
        if len(kept) < MOST_TAGS:
            kept.setdefault(name, value)
    return kept
