"""What has changed in a data set since the runs in a folder were made?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from innereye.data.split_changes import split_changes
from innereye.names import SPLIT_CSV, Split

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def changes_of(plan: Plan) -> list[str]:
    """Return the changes in sentences, under one that announces them; none where there are none."""
    runs = {} if plan.is_cross_validation else {plan.outputs: -1}
    runs |= {run: fold for fold, run in enumerate(plan.crossval.folds)}
    there = [run for run in runs if (Path(run) / SPLIT_CSV[Split.TRAIN]).is_file()]
    if plan.dataset.frame is None or not there:
        return []
    changes = split_changes({run: plan.dataset.splits(runs[run]) for run in there})
    return ["The data set has changed since these runs:", *changes] if changes else []
