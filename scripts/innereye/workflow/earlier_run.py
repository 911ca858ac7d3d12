"""Can a training go on with an earlier run on this machine? Asked before anything starts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innereye.errors import ConfigError, InnerEyeError, list_faults
from innereye.names import LAST_CHECKPOINT
from innereye.workflow.recovery import is_in_the_cloud, recovery_of, source_of

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan

BUILD_INFORMATION_JSON = "buildinformation.json"
# What the weights depend on; the checkpoint itself is looked at when the training starts.
NETWORK_FIELDS = (
    "architecture",
    "feature_channels",
    "kernel_size",
    "num_downsampling_paths",
    "normalisation_layer",
    "image_channels",
    "ground_truth_ids",
    "class_names",
    "numerical_columns",
    "categorical_columns",
    "num_encoder_blocks",
    "initial_feature_channels",
    "optimizer_type",
)


def require_earlier_run(plan: Plan) -> None:
    """Refuse an earlier run that is not there, or is of another model, number of folds or epochs.

    Raises:
        InnerEyeError: all that does not fit.
    """
    settings = plan.settings
    source = source_of(plan)
    if settings.recover_from and settings.run_recovery_id:
        raise ConfigError(
            "run_recovery_id and recover_from are both given; one of them names the run to go on with."
        )
    if settings.start_epoch is not None and not source:
        raise ConfigError(
            f"start_epoch={settings.start_epoch} needs a run to go on with: give recover_from=FOLDER or "
            "run_recovery_id=EXPERIMENT:RUN."
        )
    if not source:
        return
    if not plan.trains:
        raise ConfigError(
            f"{source} is named to be trained further, but train is False. To evaluate its checkpoints, give "
            "local_weights_path or model_id."
        )
    if settings.recover_from is None:
        if not is_in_the_cloud(source):
            raise ConfigError(
                f"run_recovery_id={source} is no run in AzureML, EXPERIMENT:RUN. A run on this machine is "
                "named by recover_from."
            )
        return
    faults = [fault for run in _runs(plan) for fault in _faults(plan, run)]
    if faults:
        title = f"The training cannot go on with {source}:"
        raise ConfigError(list_faults(title, list(dict.fromkeys(faults))))


def _runs(plan: Plan) -> list[str]:
    return plan.crossval.folds if plan.is_cross_validation else [plan.outputs]


def _faults(plan: Plan, run: str) -> list[str]:
    """Return what keeps the training of one run folder from going on."""
    recovery = recovery_of(plan, run)
    fold = plan.crossval.folds.index(run) if plan.is_cross_validation else -1
    try:
        (checkpoint,) = recovery.local_files(run, fold)
    except InnerEyeError as error:
        return [str(error)]
    options = options_of(Path(checkpoint).parents[1])
    return [*_network_faults(plan, options), *_epoch_faults(plan, checkpoint, options)]


def options_of(run: Path) -> dict[str, Any]:
    """Return the options that a run was made with; none where it has left no record of them."""
    path = run / BUILD_INFORMATION_JSON
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["options"]
    except (ValueError, KeyError, TypeError):
        return {}
    return dict(found)


def _network_faults(plan: Plan, options: dict[str, Any]) -> list[str]:
    faults = []
    if (model := options.get("model", plan.model_name)) != plan.model_name:
        faults.append(f"it is a run of {model}, this one is of {plan.model_name}")
    ours = plan.options
    for name in NETWORK_FIELDS:
        if name in options and name in ours and options[name] != ours[name]:
            faults.append(f"its {name} is {_words(options[name])}, here it is {_words(ours[name])}")
    return faults


def _epoch_faults(plan: Plan, checkpoint: str, options: dict[str, Any]) -> list[str]:
    found = re.search(r"epoch_(\d+)\.ckpt$", checkpoint)
    is_last = checkpoint.endswith(LAST_CHECKPOINT)
    finished = int(found[1]) if found else options.get("num_epochs") if is_last else None
    if finished is None:
        return []
    if plan.field("num_epochs") <= finished:
        return [
            f"{checkpoint} has {finished} finished epochs, so num_epochs={plan.field('num_epochs')} "
            f"must be {finished + 1} or more"
        ]
    passed = [epoch for epoch in plan.field("test_epochs") if epoch <= finished]
    if not passed:
        return []
    listed = ",".join(map(str, passed))
    return [
        f"test_epochs has {listed}, but the training begins with epoch {finished + 1}; its test epochs are "
        f"{finished + 1} to {plan.field('num_epochs')}"
    ]


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
