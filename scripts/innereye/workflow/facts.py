"""What heads the report on a run?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def facts_of(plan: Plan) -> dict[str, str]:
    """Return what heads the report on a single model or a fold."""
    return {
        "Model": plan.model_name,
        "Data set": plan.field("azure_dataset_id") or Path(str(plan.identity["data set"])).name,
        "Seed": str(plan.field("random_seed")),
        **_origin(plan),
    }


def facts_of_ensemble(plan: Plan) -> dict[str, str]:
    """Return what heads the report on the ensemble."""
    members = f"{plan.crossval.number_of_folds} models of a cross-validation"
    return {**facts_of(plan), "Ensemble": f"{members}, {plan.field('ensemble_aggregation_type')}"}


def _origin(plan: Plan) -> dict[str, str]:
    if plan.trains:
        return {"Epochs": str(plan.field("num_epochs"))}
    return {"Checkpoints": f"{plan.existing_model.name}, not trained in this run"}
