"""What do the jobs that describe a data set get of the plan: rows, settings, splits, facts?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from innereye.errors import DatasetError
from innereye.names import SUBJECT, Split

if TYPE_CHECKING:
    import pandas as pd

    from innereye.configs.stages.settings import StageSettings
    from innereye.workflow.plan import Plan

Settings = TypeVar("Settings", bound="StageSettings")


def rows_of_data(plan: Plan) -> pd.DataFrame:
    """Return the rows of the data set.

    Raises:
        DatasetError: there is none; the sentence says how to give it.
    """
    if plan.dataset.frame is None:
        raise DatasetError(plan.dataset.missing)
    return plan.dataset.frame


def settings_of(plan: Plan, kind: type[Settings]) -> Settings:
    """Return the settings of a stage for a job that has the plan itself."""
    known: dict[str, Any] = {**plan.model.settings(kind), **plan.machine}
    return kind(**known)


def split_of_subjects(plan: Plan) -> dict[str, str]:
    """Return the split of each subject by the model's split, without a cross-validation."""
    splits = plan.dataset.splits(-1)
    return {str(name): split for split in Split for name in splits[split][SUBJECT].unique()}


def facts_of_data(plan: Plan) -> list[tuple[str, str]]:
    """Return what heads the report on a data set; no folder of this machine."""
    folder = plan.model.local_dataset
    name = folder.name if folder else plan.field("azure_dataset_id")
    return [("Data set", name), ("Model", plan.model_name)]
