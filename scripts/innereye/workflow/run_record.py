"""What does a run note of itself: with which options it was made, and what makes it this run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innereye.workflow.data_folders import extra_places
from innereye.workflow.identity import EVALUATED

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def options_of(plan: Plan) -> dict[str, Any]:
    """Return all settings and fields of a run, plain, sorted by name."""
    fields = plan.model.plain(set(type(plan.model).model_fields))
    fields["weights_url"] = plan.existing_model.origin["addresses"]
    return dict(sorted({**plan.settings.model_dump(mode="json"), **fields}.items()))


def identity_of(plan: Plan) -> dict[str, Any]:
    """Return what makes a run another one than yesterday's in the same folder."""
    place = plan.data.azureml_data_folder
    return {
        "model": plan.model_name,
        "data set": place or f"{plan.field('azure_dataset_id')} (azure_dataset_id)",
        "number_of_cross_validation_splits": plan.model.number_of_cross_validation_splits,
        **({} if plan.trains else {EVALUATED: plan.existing_model.name}),
        **extra_places(plan.model),
    }
