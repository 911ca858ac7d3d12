"""Which data does a model use?"""

from innereye.configs.fields.base import Fields
from innereye.configs.values import (
    Bool,
    Names,
    OptionalText,
    Proportions,
    Text,
    Whole,
)
from innereye.names import DATASET_CSV


class DatasetFields(Fields):
    """What is read from the data set."""

    dataset_csv: Text = DATASET_CSV
    """Name of the table inside the data set's folder."""
    image_channels: Names = []
    """Channels that make up the image, in the order that the network sees them."""
    ground_truth_ids: Names = []
    """Structures to segment; the first has class index 1."""
    mask_id: OptionalText = None
    """Channel with the region in which voxels are valid; none means everywhere."""
    check_exclusive: Bool = True
    """Treat structures that overlap as a fault of the data set."""


class SplitFields(Fields):
    """How subjects are divided into Train, Val and Test."""

    split_proportions: Proportions = (0.7, 0.1, 0.2)
    """Shares of Train, Val and Test, unless the model has a split of its own."""
    split_seed: Whole = 0
    """Seed of the shuffle before the split by proportions."""
    exact_split: Bool = False
    """Round the shares exactly; False repeats InnerEye's rounding, which gives Val one more."""
    group_column: OptionalText = None
    """Column of dataset.csv whose equal values stay in one split, such as a patient with two scans."""
    stratify_column: OptionalText = None
    """Column of dataset.csv whose values get equal shares in each fold of a cross-validation."""
    split_by_hash: Bool = False
    """Place each subject, or group, by a hash of its name: a new one moves no other."""


class NameFields(Fields):
    """How a data set in the cloud is called."""

    azure_dataset_id: Text = ""
    """Folder of the data set in the cloud storage."""
