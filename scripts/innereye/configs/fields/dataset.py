"""Which data does a model use?"""

from innereye.configs.fields.base import Fields
from innereye.configs.fields.extra_data import ExtraNameFields
from innereye.configs.values import (
    Bool,
    Names,
    OptionalText,
    Text,
    TextOrNone,
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
    allow_incomplete_labels: Bool = False
    """Let subjects lack structures: the loss and the scores leave them out there."""
    use_extra_datasets: Bool = False
    """Add the subjects of extra_local_dataset_paths to those of local_dataset."""


class NameFields(ExtraNameFields):
    """How a data set in the cloud is called."""

    azure_dataset_id: TextOrNone = ""
    """Folder of the data set in the cloud storage."""
