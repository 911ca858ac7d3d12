"""What does the network look like, and what does it see?"""

from typing import Annotated

from innereye.configs.fields.base import Fields
from innereye.configs.readers import choice_of, choices
from innereye.configs.values import (
    Count,
    Counts,
    OptionalBool,
    OptionalReals,
    PositiveReal,
    Range,
    Real,
)
from innereye.names import Architecture, NormalisationLayer, NormMethod


class NormalisationFields(Fields):
    """How the grey values of a full image are brought to a common range."""

    norm_method: Annotated[NormMethod, choice_of(NormMethod), choices(NormMethod)] = (
        NormMethod.CT_WINDOW
    )
    """Photometric normalisation."""
    window: PositiveReal = 600
    """Width of the CT window in Hounsfield units."""
    level: Real = 50
    """Centre of the CT window in Hounsfield units."""
    output_range: Range = (-1.0, 1.0)
    """Grey values after the normalisation."""
    tail: OptionalReals = None
    """Allowance above the median per channel, for 'MRI Window'."""
    sharpen: PositiveReal = 0.9
    """Standard deviations around the median that keep contrast ('MRI Window', 'Trimmed Norm')."""
    trim_percentiles: Range = (1.0, 99.0)
    """Percentiles outside which voxels do not count ('Trimmed Norm')."""


class NetworkFields(Fields):
    """Shape of the network."""

    architecture: Annotated[Architecture, choice_of(Architecture), choices(Architecture)] = (
        Architecture.BASIC
    )
    """Kind of network."""
    feature_channels: Counts = []
    """Feature maps of the first level, each deeper one has twice as many; of each layer of 'Basic'."""
    kernel_size: Count = 3
    """Edge of the convolutions in voxels; odd. 'UNet2D' does not use it."""
    num_downsampling_paths: Count = 4
    """Number of times that a U-Net halves the resolution."""
    num_residual_blocks: Counts = [1, 2]
    """Blocks of each level of the encoder of 'ResidualUNet3D'; the last number holds for all below."""
    deep_supervision: OptionalBool = None
    """Let the loss see the coarser levels of the decoder, too; None means yes for 'ResidualUNet3D'."""
    normalisation_layer: Annotated[
        NormalisationLayer, choice_of(NormalisationLayer), choices(NormalisationLayer)
    ] = NormalisationLayer.BATCH
    """Layer behind each convolution that evens out the activations."""
