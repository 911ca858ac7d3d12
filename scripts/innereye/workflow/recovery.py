"""With which checkpoint of an earlier run does a training begin?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innereye.errors import CheckpointError, ConfigError
from innereye.names import CHECKPOINTS, CROSSVAL_RESULTS, LAST_CHECKPOINT, natural_key

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan

RECOVERED_CHECKPOINT = "recovered/checkpoint.ckpt"
_EPOCH = re.compile(r"epoch_(\d{3,})\.ckpt")
# EXPERIMENT:RUN, or a run's id that begins with its experiment.
_RUN = re.compile(r"[^/:]+:[^/:]+|[^/:]+_\d{9,}_[0-9a-f]{8}(-r\d+)?")


@dataclass(frozen=True)
class Recovery:
    """The earlier run that trainings go on with; without a source they begin anew.

    `source` is a run in AzureML, EXPERIMENT:RUN, or the folder of a run on this machine.
    """

    source: str
    start_epoch: int | None
    number_of_folds: int

    @property
    def fields(self) -> dict[str, Any]:
        """Its values, plain, for the job that makes it anew."""
        return asdict(self)

    @property
    def is_local(self) -> bool:
        """Is the earlier run a folder?"""
        return bool(self.source) and not is_in_the_cloud(self.source)

    def initial(self, run: str) -> list[str]:
        """Return the checkpoint that the training of a run begins with, if any."""
        return [f"{run}/{RECOVERED_CHECKPOINT}"] if self.source else []

    def local_files(self, run_folder: str, fold: int) -> list[str]:
        """Return the checkpoint of an earlier run on this machine, if it is one; fold -1 for none.

        `run_folder` is that of the run which goes on with it.

        Raises:
            InnerEyeError: the folder, the fold or the checkpoint is not there.
        """
        if not self.is_local:
            return []
        folder = Path(self.source).expanduser()
        if not folder.is_dir():
            raise ConfigError(f"recover_from={self.source} is not a folder.")
        run = self._run_folder(folder, fold)
        if run.resolve() == Path(run_folder).resolve():
            raise ConfigError(
                f"recover_from={self.source} is the folder of this run itself. Use outputs_dir=... for "
                "the one that goes on with it."
            )
        names = [path.name for path in (run / CHECKPOINTS).glob("*.ckpt")]
        chosen = choose_checkpoint(
            sorted(names, key=natural_key), start_epoch=self.start_epoch, source=str(run)
        )
        return [str(run / CHECKPOINTS / chosen)]

    def require_folds(self, there: int) -> None:
        """Refuse an earlier run with another number of folds; 0 stands for no cross-validation.

        Raises:
            ConfigError: both numbers, and what to give.
        """
        if there == self.number_of_folds:
            return
        has = f"a cross-validation of {there} folds" if there else "no cross-validation"
        this = f"has {self.number_of_folds}" if self.number_of_folds else "is none"
        other = "one of its folds" if there else "a cross-validation"
        needed = f"number_of_cross_validation_splits={there}"
        advice = needed if there and self.number_of_folds else f"{needed}, or name {other}"
        raise ConfigError(f"{self.source} is {has}; this run {this}. Give {advice}.")

    def _run_folder(self, folder: Path, fold: int) -> Path:
        base = folder / CROSSVAL_RESULTS if (folder / CROSSVAL_RESULTS).is_dir() else folder
        folds = [path for path in base.iterdir() if path.name.isdecimal()]
        self.require_folds(len(folds))
        return folder if fold < 0 else base / str(fold)


def recovery_of(plan: Plan, run: str) -> Recovery:
    """Return the earlier run that the training of a run folder goes on with."""
    folds = plan.crossval.number_of_folds if run in plan.crossval.folds else 0
    return Recovery(source_of(plan), plan.settings.start_epoch, folds)


def source_of(plan: Plan) -> str:
    """Return the earlier run that trainings go on with, a folder or EXPERIMENT:RUN, or nothing."""
    folder = plan.settings.recover_from
    return str(folder) if folder else plan.settings.run_recovery_id or ""


def is_in_the_cloud(place: str) -> bool:
    """Does a text name a run in AzureML, EXPERIMENT:RUN? A folder of that name comes first."""
    return bool(_RUN.fullmatch(place)) and not Path(place).exists()


def choose_checkpoint(paths: Sequence[str], *, start_epoch: int | None, source: str) -> str:
    """Return the checkpoint of an epoch, counted from 1, or the latest one.

    `paths` are those of one run, oldest first; `source` is what people call the run.

    Raises:
        CheckpointError: there is none, or none of the epoch.
    """
    if not paths:
        raise CheckpointError(f"{source} has no checkpoints.")
    by_epoch = {int(found[1]): path for path in paths if (found := _EPOCH.search(path))}
    chosen = paths[-1] if start_epoch is None else by_epoch.get(start_epoch)
    if chosen:
        return chosen
    there = [str(epoch) for epoch in sorted(by_epoch)]
    if any(path.endswith(LAST_CHECKPOINT) for path in paths):
        there.append("the last one, which is taken without start_epoch")
    listed = "; there are those of epoch " + ", ".join(there) if there else ""
    raise CheckpointError(f"{source} has no checkpoint of epoch {start_epoch}{listed}.")
