"""Which files of a run does its model card use? They are read here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from innereye.metrics.columns import texts_of
from innereye.metrics.reported_epoch import choose_epoch
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.names import (
    CHECKPOINTS,
    CROSSVAL_RESULTS,
    PATIENT,
    SEGMENTATIONS_CSV,
    Split,
    epoch_checkpoint,
    epoch_folder,
)
from innereye.provenance.build import git_state, library_versions
from innereye.provenance.code import ROOT
from innereye.reports.epoch_tables import read_epoch_metrics
from innereye.reports.joined_scores import read_scores
from innereye.reports.model_card_data import read_parts
from innereye.reports.model_card_scores import ScoredSplit

# What was never looked at while choosing comes first.
ORDER = (Split.TEST, Split.VAL)


@dataclass(frozen=True)
class CardRun:
    """All that a card takes from the files of a run, and the versions of what is installed now.

    `parts`: tables of subjects by the name of their part; `epoch_tables`: the epoch metrics of each
    training, by the member's name, without one for a single model.
    """

    kind: str
    epoch: int
    reason: str
    trained_until: datetime
    git: Mapping[str, Any]
    versions: Mapping[str, str]
    parts: Mapping[str, pd.DataFrame]
    epoch_tables: Mapping[str, Mapping[Split, pd.DataFrame]]
    scored: tuple[ScoredSplit, ...]
    is_ensemble: bool


def read_card_run(
    run_folder: Path,
    *,
    scored: Mapping[Split, Sequence[Path]],
    members: Sequence[Path],
    epochs: Sequence[int],
    has_epoch_from: Path | None,
) -> CardRun:
    """Read what the card of a run, or of an ensemble of several members, is made from.

    Raises:
        InnerEyeError: a table is missing or cannot be read.
    """
    is_ensemble = has_epoch_from is not None
    if is_ensemble:
        epoch, reason = read_reported_epoch(has_epoch_from)
    else:
        epoch, reason = choose_epoch(run_folder, epochs, has_val=Split.VAL in scored)
    notes = notes_of(members=len(members) if is_ensemble else 0, reason=reason)
    return CardRun(
        kind=kind_of(run_folder),
        epoch=epoch,
        reason=reason,
        trained_until=max(time_of(member, epoch) for member in members),
        git=git_state(ROOT),
        versions=library_versions(),
        parts=read_parts(run_folder, is_ensemble=is_ensemble),
        epoch_tables={
            member.name if is_ensemble else "": read_epoch_metrics(member) for member in members
        },
        scored=tuple(
            read_split(split, scored[split], epoch=epoch, note=notes[split])
            for split in ORDER
            if split in scored
        ),
        is_ensemble=is_ensemble,
    )


def read_split(split: Split, runs: Sequence[Path], *, epoch: int, note: str) -> ScoredSplit:
    """Return the scores of a split; those of several members on a part each are put together."""
    folders = [run / epoch_folder(epoch) / split for run in runs]
    tables = [read_scores(folder) for folder in folders]
    by_members = {
        subject: run.name
        for run, table in zip(runs, tables, strict=True)
        for subject in texts_of(table, PATIENT)
    }
    filled = [table for table in tables if not table.empty] or tables[:1]
    return ScoredSplit(
        split=split,
        note=note,
        metrics=pd.concat(filled, ignore_index=True),
        manifests=tuple(folder / SEGMENTATIONS_CSV for folder in folders),
        member_of=by_members if len(runs) > 1 else {},
    )


def notes_of(*, members: int, reason: str) -> dict[Split, str]:
    """Say whose scores those on Test and on Val are, and what the model had seen of them.

    `members` of an ensemble, 0 for a single model; `reason` for the reported epoch.
    """
    whose = "ensemble" if members else "model"
    of_members = (
        f"**Not scores of the ensemble.** Each of the {members} members scored the subjects of its "
        "own Val set, which it was not trained on; these are their scores together."
    )
    of_model = f"Subjects that the model was not trained on. Why this epoch: {reason}."
    return {
        Split.TEST: f"Scores of the {whose} on subjects that had no part in training or choosing it.",
        Split.VAL: of_members if members else of_model,
    }


def kind_of(run_folder: Path) -> str:
    """Say whether a run is a single model or a fold of a cross-validation."""
    is_fold = run_folder.parent.name == CROSSVAL_RESULTS
    return f"fold {run_folder.name} of a cross-validation" if is_fold else "single model"


def time_of(run_folder: Path, epoch: int) -> datetime:
    """Return when the checkpoint of an epoch was written."""
    checkpoint = run_folder / CHECKPOINTS / epoch_checkpoint(epoch)
    return datetime.fromtimestamp(checkpoint.stat().st_mtime, UTC)
