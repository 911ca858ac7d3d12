"""How are crops drawn and changed, and how long does the training take?"""

from typing import Annotated

from innereye.configs.fields.base import Fields
from innereye.configs.readers import choice_of, choices
from innereye.configs.values import (
    Angles,
    Bool,
    Count,
    FlipAxes,
    OptionalCounts,
    OptionalReals,
    OptionalSize,
    OptionalWholeFromZero,
    PositiveReal,
    Probability,
    Range,
    RangeFromZero,
    RealFromZero,
    Size,
    WholeFromZero,
)
from innereye.names import PaddingMode


class PaddingFields(Fields):
    """What lies beyond the edge of an image."""

    padding_mode: Annotated[PaddingMode, choice_of(PaddingMode), choices(PaddingMode)] = (
        PaddingMode.EDGE
    )
    """How images smaller than a crop are filled up."""


class BatchFields(Fields):
    """What one step of the training sees."""

    train_batch_size: Count = 4
    """Crops in one step, or items of a classification or regression."""
    shuffle: Bool = True
    """Draw a new order of the subjects in each epoch."""
    drop_last_batch_in_training: Bool = False
    """Leave out a last batch that is not full."""


class CropFields(BatchFields):
    """Which crops the network is trained with."""

    crop_size: Size = (64, 64, 64)
    """Size of a training crop in voxels (z,y,x)."""
    center_size: OptionalSize = None
    """Size of the middle of a crop that the loss sees (z,y,x); None means all that the network gives."""
    class_weights: OptionalReals = None
    """Chance of each class, background first, to hold the centre of a crop; None means equal."""
    crops_per_subject: Count = 1
    """Crops of each subject in one epoch."""


class PatchSamplingFields(Fields):
    """Whether pictures of the crops are drawn."""

    show_patch_sampling: WholeFromZero = 1
    """Training subjects for which `patch_sampling` shows where crops would lie; 0 shows none."""


class AugmentationFields(Fields):
    """How crops are changed at random during training; the defaults change nothing."""

    random_rotation_degrees: Angles = (0.0, 0.0, 0.0)
    """Largest rotation about each axis."""
    random_scaling: Range = (1.0, 1.0)
    """Smallest and largest zoom."""
    random_brightness: RealFromZero = 0.0
    """Largest shift of the grey values, as a share of the output range."""
    random_contrast: Range = (1.0, 1.0)
    """Smallest and largest factor of the contrast."""
    random_gamma: Range = (1.0, 1.0)
    """Smallest and largest exponent of the grey values."""
    random_noise_std: RealFromZero = 0.0
    """Largest standard deviation of added noise, as a share of the output range."""
    random_elastic_mm: RealFromZero = 0.0
    """Largest shift of the points of a grid that bends the crop along each axis."""
    random_elastic_smoothness_mm: PositiveReal = 32.0
    """Distance between these points; farther apart, the crop is bent more smoothly."""
    random_flip_axes: FlipAxes = []
    """Axes along which crops are mirrored, each with a chance of half; left and right must not be."""
    random_blur: RangeFromZero = (0.0, 0.0)
    """Smallest and largest sigma of a Gaussian blur in voxels."""
    augmentation_probability: Probability = 1.0
    """Chance of each kind of change for each crop."""


class TrainerFields(Fields):
    """How long and with which seed the network is trained."""

    num_epochs: Count = 100
    """Passes over the training subjects."""
    test_epochs: OptionalCounts = None
    """Epochs, counted from 1, that are evaluated on full images; None means the last."""
    num_nodes: Count = 1
    """Machines of a cluster that train together; each process of each takes `train_batch_size` crops."""
    random_seed: WholeFromZero = 42
    """Seed of weights, crops and random changes; the fold is added."""
    use_mixed_precision: Bool = False
    """Train with 16-bit numbers on a GPU."""
    use_mixed_precision_on_cpu: Bool = False
    """Train with 16-bit numbers (bfloat16) on a CPU; fast where the processor knows them."""
    use_torch_compile: Bool = False
    """Compile the network for the machine before it is trained, where there is a compiler."""
    pl_deterministic: Bool = False
    """Compute on a GPU such that equal runs give equal results; slower. A CPU always does."""
    pl_limit_train_batches: OptionalWholeFromZero = None
    """Batches of Train in one epoch; None and 0 take all."""
    pl_limit_val_batches: OptionalWholeFromZero = None
    """Batches of Val in one validation; None and 0 take all."""
    pl_check_val_every_n_epoch: Count = 1
    """Epochs from one validation to the next."""


class ThreadFields(Fields):
    """How a CPU computes; another number of threads gives other last bits."""

    num_cpu_threads: Count = 2
    """Threads of training and inference on a CPU."""
