"""What goes into a model folder beside its checkpoints, and what is noted of models in the cloud?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innereye.names import FINAL_ENSEMBLE_MODEL, FINAL_MODEL, THUMBNAILS
from innereye.workflow.identity import to_json

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan

NOTES = ".snakemake/azureml"
KINDS = ("models", "results")
SINGLE = "single"


def packaged(plan: Plan, *, of_ensemble: bool = False) -> dict[str, Any]:
    """Return name, namespace and code folder of a model, and the hashes of what uses it elsewhere.

    The code that uses it lies in the folder, so another code or another setting makes it stale.
    """
    extra = plan.settings.extra_code_directory
    return {
        "model_name": plan.model_name,
        "namespace": plan.model_namespace,
        "extra_code_directory": str(extra) if extra else "",
        "settings": settings_elsewhere(plan, of_ensemble=of_ensemble),
        "code": [plan.code("package"), plan.code(plan.kind.elsewhere)],
    }


def settings_elsewhere(plan: Plan, *, of_ensemble: bool) -> str:
    """Return what a packaged model must know to be used elsewhere, as one text.

    How members work together is no matter of a single model.
    """
    fields = json.loads(plan.stage_settings(plan.kind.elsewhere))
    if not of_ensemble:
        fields.pop("ensemble_aggregation_type", None)
    spacing = plan.field("dataset_expected_spacing_xyz")
    return to_json({**fields, "dataset_expected_spacing_xyz": spacing})


def named_on_card(plan: Plan) -> dict[str, str]:
    """Return what a model card is told in words, beside the facts that head the report.

    It is told, and does not read buildinformation.json: a job that follows another, even one whose
    output it takes as ancient, is not asked for changes of its own params, and that file is written
    anew with every option.
    """
    spacing = plan.field("dataset_expected_spacing_xyz")
    code = [f"{stage} {fingerprint}" for stage, fingerprint in plan.code_of_results.items()]
    return {
        "Data set hash": plan.dataset.all_rows,
        "Code": ", ".join(code),
        "Expected spacing": ", ".join(f"{length:g}" for length in spacing) if spacing else "",
    }


def in_cloud(plan: Plan, *members: str) -> list[str]:
    """Return the files that tell that models and results of some runs are in the cloud, too.

    They lie outside of the outputs, which look the same after a run on this machine. `members` are
    folds, ENSEMBLE, or SINGLE.
    """
    kinds = KINDS if plan.trains else KINDS[1:]
    return [f"{NOTES}/{kind}/{plan.tag}/{member}.json" for kind in kinds for member in members]


def shown_in_cloud(files: list[str]) -> list[str]:
    """Return the results among a run's files that are worth a copy: tables, texts and plots."""
    return [
        file
        for file in files
        if not file.endswith(".ckpt")
        and not {FINAL_MODEL, FINAL_ENSEMBLE_MODEL, THUMBNAILS} & set(Path(file).parts)
    ]
