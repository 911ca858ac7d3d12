"""How does a training go on from a checkpoint of another one?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from innereye.errors import CheckpointError, ConfigError, list_faults
from innereye.training.checkpoint_file import load_checkpoint

NETWORK_PREFIX = "model."
SHOWN = 3


@dataclass(frozen=True)
class FieldsToCheck:
    """Which fields a user looks at where weights are others, or of other sizes."""

    of_layers: str
    of_sizes: str


SEGMENTATION_FIELDS = FieldsToCheck(
    "architecture, num_downsampling_paths and normalisation_layer",
    "feature_channels, kernel_size, image_channels and ground_truth_ids",
)
SCALAR_FIELDS = FieldsToCheck(
    "architecture, num_encoder_blocks and create_model",
    "initial_feature_channels, class_names, numerical_columns, categorical_columns and image_size",
)


@dataclass(frozen=True)
class Start:
    """Where a training begins: after `epoch` finished epochs, with what the checkpoint holds."""

    epoch: int = 0
    checkpoint: Path | None = None
    fingerprint: str = ""
    """Hash of the checkpoint; no text where there is none."""


def start_from(
    path: Path,
    *,
    network: nn.Module,
    optimizer: Optimizer,
    num_epochs: int,
    test_epochs: Sequence[int],
    structures: Sequence[str],
    fields: FieldsToCheck = SEGMENTATION_FIELDS,
) -> Start:
    """Return the start of a training at a checkpoint of another one of the same network.

    `structures` are those of a segmentation, else none.

    Raises:
        CheckpointError: the file cannot be used, or holds another network or optimiser.
        ConfigError: the training would end, or be tested, before it starts.
    """
    content = load_checkpoint(path)
    faults = _faults(content, network.state_dict(), optimizer, structures, fields)
    if faults:
        raise CheckpointError(list_faults(f"The training cannot start from {path}:", faults))
    epoch = int(content["epoch"])
    if num_epochs <= epoch:
        raise ConfigError(
            f"num_epochs is {num_epochs}, but {path} has {epoch} finished epochs already: "
            f"num_epochs counts them, so that it must be at least {epoch + 1}."
        )
    passed = [test for test in test_epochs if test <= epoch]
    if passed:
        raise ConfigError(
            f"test_epochs has {', '.join(map(str, passed))}, but a training that starts from {path} begins "
            f"with epoch {epoch + 1}: its test epochs are {epoch + 1} to {num_epochs}."
        )
    with path.open("rb") as file:
        return Start(epoch, path, file_digest(file, sha256).hexdigest())


def _faults(
    content: Mapping[str, Any],
    wanted: Mapping[str, Tensor],
    optimizer: Optimizer,
    structures: Sequence[str],
    fields: FieldsToCheck,
) -> list[str]:
    missing = {"state_dict", "optimizer_states", "epoch"} - set(content)
    if missing:
        return [f"it is no checkpoint of a training: it has no {', '.join(sorted(missing))}"]
    found = {
        name.removeprefix(NETWORK_PREFIX): weights
        for name, weights in content["state_dict"].items()
    }
    faults = _network_faults(found, wanted, structures, fields)
    ours = optimizer.state_dict()["param_groups"]
    theirs = content["optimizer_states"][0]["param_groups"] if content["optimizer_states"] else []
    if not faults and [_kind(group) for group in ours] != [_kind(group) for group in theirs]:
        faults.append("its optimiser is of another type; check optimizer_type")
    return faults


def _network_faults(
    found: Mapping[str, Tensor],
    wanted: Mapping[str, Tensor],
    structures: Sequence[str],
    fields: FieldsToCheck,
) -> list[str]:
    """Say how two networks differ; the last layer of each has as many channels as classes."""
    if found.keys() != wanted.keys():
        odd = sorted(found.keys() ^ wanted.keys())
        return [
            f"its network has other layers: {len(odd)} weights are only in one of the two, such as "
            f"{odd[0]}; check {fields.of_layers}"
        ]
    odd = [name for name in wanted if found[name].shape != wanted[name].shape]
    if not odd:
        return []
    last = list(wanted)[-1]
    if structures and set(odd) <= {last, last.replace("bias", "weight")}:
        classes = len(found[last])
        return [
            f"it tells {classes - 1} structures from the background, the model {len(structures)}: "
            f"{', '.join(structures)}; check ground_truth_ids"
        ]
    sizes = [f"{name} {tuple(found[name].shape)} for {tuple(wanted[name].shape)}" for name in odd]
    return [
        f"weights of its network have other sizes: {', '.join(sizes[:SHOWN])}; check {fields.of_sizes}"
    ]


def _kind(group: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells the types of optimisers apart; rates and the like may differ."""
    return (*sorted(set(group) - {"params"}), len(group["params"]), group.get("amsgrad"))
