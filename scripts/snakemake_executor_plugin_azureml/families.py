"""What belongs to a run that people name? The run itself, its folds, and the tries of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from snakemake_executor_plugin_azureml.names import (
    NameFormatError,
    attempt_of,
    fold_of_child,
    parse_recovery_id,
)
from snakemake_executor_plugin_azureml.workspace import (
    NotFoundError,
    Run,
    Workspace,
    WorkspaceError,
)

_RUN_ID = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True)
class Family:
    """A run and the runs below it; `folds` are the tries of each fold, the newest first."""

    run: Run
    children: Sequence[Run] = ()
    folds: Mapping[int, Sequence[Run]] = field(default_factory=dict)

    @property
    def number_of_folds(self) -> int:
        """Folds of a cross-validation, 0 for any other run."""
        return len(self.folds)

    def tries(self, fold: int) -> Sequence[Run]:
        """Return the tries of a fold, the newest first; of the run itself for fold -1."""
        return [self.run] if fold < 0 else self.folds[fold]


def named_run(text: str) -> tuple[str, str]:
    """Return experiment and run of EXPERIMENT:RUN.

    Raises:
        WorkspaceError: the text names no run.
    """
    try:
        experiment, run_id = parse_recovery_id(text)
    except NameFormatError as error:
        raise WorkspaceError(str(error)) from None
    if not _RUN_ID.fullmatch(run_id):
        raise WorkspaceError(
            f"{text!r} names no run: the id of a run has letters, digits, '_', '-' and '.' only."
        )
    return experiment, run_id


def family_of(workspace: Workspace, recovery_id: str) -> Family:
    """Return the run EXPERIMENT:RUN and what is below it.

    Raises:
        WorkspaceError: there is no such run, or it is in another experiment.
    """
    experiment, run_id = named_run(recovery_id)
    try:
        run = workspace.run(run_id)
    except NotFoundError:
        raise NotFoundError(f"The workspace {workspace.name} has no run {run_id}.") from None
    if run.experiment != experiment:
        raise WorkspaceError(
            f"The run {run_id} is in the experiment '{run.experiment}', not in '{experiment}'. "
            f"Write {run.recovery_id}."
        )
    children = workspace.children(run_id)
    newest_first = sorted(children, key=lambda child: attempt_of(child.run_id), reverse=True)
    folds: dict[int, list[Run]] = {}
    for child in newest_first:
        if (fold := fold_of_child(child.run_id)) is not None:
            folds.setdefault(fold, []).append(child)
    return Family(run, newest_first, dict(sorted(folds.items())))
