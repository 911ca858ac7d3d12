"""Does the data set of a run have faults? Looked at by the jobs that have the plan itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.stages.check import CheckSettings
from innereye.data.check_run import require_clean
from innereye.data.scalar.check_before_reading import check_settings_of
from innereye.data.scalar.check_run import require_clean_items
from innereye.data.scalar.model_layout import layout_of_model
from innereye.errors import DatasetError
from innereye.workflow.data_folders import place_of

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def require_clean_data(plan: Plan) -> None:
    """Look at what is new in the data set of a run.

    Raises:
        DatasetError: all its faults, or that it is not there.
    """
    model, record, missing = plan.model, Path(plan.record), plan.dataset.missing
    folder = plan.data.described_in
    if not isinstance(model, ScalarModelBase):
        fields = {**model.settings(CheckSettings), **plan.machine, **place_of(folder)}
        require_clean(CheckSettings(**fields), missing=missing, record_file=record)
        return
    if folder is None:
        raise DatasetError(missing)
    require_clean_items(
        folder / model.dataset_csv,
        layout_of_model(model, model),
        check_settings_of(model, model),
        missing=missing,
        record_file=record,
    )
