"""Which network of a scalar model does a checkpoint hold, and what are its inputs?"""

import logging
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.scalar_shape import NetworkOfItems, scalar_shape
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.model_layout import layout_of_model
from innereye.data.scalar.network_inputs import INPUTS, NetworkInputs
from innereye.errors import CheckpointError, list_faults
from innereye.inference.checkpoint import read_checkpoint, weight_misfits, weights_of
from innereye.models.scalar.own_network import network_of

logger = logging.getLogger(__name__)

FIELDS = (
    "architecture, num_encoder_blocks, initial_feature_channels, class_names, image_channels and "
    "create_model"
)


@dataclass(frozen=True)
class ItemNetwork:
    """A network in eval mode, on the CPU, and what it was trained with."""

    network: nn.Module
    inputs: NetworkInputs


def load_item_network(
    checkpoint: Path, settings: NetworkOfItems, model: ScalarModelBase
) -> ItemNetwork:
    """Return the network of a checkpoint; `model` is asked for its own one, if it has one.

    Raises:
        CheckpointError: the file is missing or damaged, is not of a scalar model, or does not fit.
    """
    content = read_checkpoint(checkpoint)
    weights = weights_of(content, checkpoint)
    if INPUTS not in content:
        raise CheckpointError(
            f"{checkpoint} is not of a classification or regression: it does not say what the inputs of its "
            "network are."
        )
    inputs = NetworkInputs.from_plain(content[INPUTS])
    layout = layout_of_model(settings, model)
    if faults := feature_misfits(inputs, layout):
        raise CheckpointError(list_faults(f"{checkpoint} does not fit the model:", faults))
    shape = scalar_shape(
        settings,
        num_features=inputs.num_features(layout),
        image_size=inputs.image_size,
        num_image_channels=inputs.num_image_channels,
    )
    network = network_of(model.create_model, shape, is_own=model.makes_own_network, seed=0)
    if faults := weight_misfits(weights, network.state_dict(), fields=FIELDS):
        raise CheckpointError(list_faults(f"{checkpoint} does not fit the model:", faults))
    network.load_state_dict(weights, strict=True)
    logger.info("Loaded %d weights from %s.", sum(w.numel() for w in weights.values()), checkpoint)
    return ItemNetwork(network.eval(), inputs)


def feature_misfits(inputs: NetworkInputs, layout: Layout) -> list[str]:
    """Return how the features of a checkpoint differ from those that the model names."""
    pairs = {
        "numerical_columns": (inputs.space.standardisation.names, layout.feature_names),
        "categorical_columns": (
            tuple(inputs.space.encoder.categories),
            tuple(feature.column for feature in layout.categorical),
        ),
    }
    return [
        f"it has {field} {', '.join(found) or 'none'}; the model has {', '.join(wanted) or 'none'}"
        for field, (found, wanted) in pairs.items()
        if set(found) != set(wanted) or (field == "numerical_columns" and found != wanted)
    ]
