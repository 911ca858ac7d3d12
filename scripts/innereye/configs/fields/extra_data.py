"""Which data sets are there beside the first, and where do they lie?"""

from innereye.configs.fields.base import Fields
from innereye.configs.values import FolderPaths, Text, Texts


class ExtraFolderFields(Fields):
    """Places of further data sets on this machine."""

    extra_local_dataset_paths: FolderPaths = []
    """Folders of further data sets, each with its table; models may read them, see use_extra_datasets."""


class ExtraNameFields(Fields):
    """Further data sets in the cloud, and the folders of a node that InnerEye mounted data sets in."""

    extra_azure_dataset_ids: Texts = []
    """Folders of further data sets in the cloud storage; jobs on a cluster see the first data set only."""
    dataset_mountpoint: Text = ""
    """Taken as in InnerEye, without effect: a data set is mounted wherever the node has room."""
    extra_dataset_mountpoints: Texts = []
    """As dataset_mountpoint, one for each extra data set; an empty text stands for any place."""
