"""What does a scalar model read of its table? Items: one subject's label, features and images each."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from innereye.configs.fields.base import Fields
from innereye.configs.readers import (
    Form,
    choice_of,
    none_word,
    optional,
    read_flow,
    read_items,
    read_pairs,
    read_text,
)
from innereye.configs.values import Bool, Names, OptionalSize, OptionalText, Range, Text
from innereye.names import CHANNEL, DATASET_CSV, SUBJECT, LabelTransform

DEFAULT_FEATURE = "Default"
Name = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]


def read_channels_of_features(value: object) -> object:
    """Read `{age: [week0], Default: [week1]}`, or a list of channels that holds for all features."""
    if none_word(value):
        return None
    if isinstance(value, str) and value.strip().startswith("{"):
        value = read_flow(value)
        if value is None:
            raise ValueError("not a list for each feature")
    if not isinstance(value, dict):
        items = read_items(value)
        return {DEFAULT_FEATURE: items} if items else None
    return {feature: _channels(names) for feature, names in value.items()}


def _channels(value: Any) -> object:
    """Refuse a number where channels are wanted; a single one may stand without brackets."""
    if not isinstance(value, str | list | tuple):
        raise ValueError("no channels")
    return read_items(value)


OptionalNames = Annotated[
    list[Name] | None,
    optional(read_items),
    Form("names separated by commas, such as week0,week1, or None"),
]


class ScalarDataFields(Fields):
    """How a scalar model reads its table: one item for each subject."""

    dataset_csv: Text = DATASET_CSV
    """Name of the table inside the data set's folder."""
    subject_column: Text = SUBJECT
    """Column with the subject; rows of equal value are one item."""
    channel_column: Text = CHANNEL
    """Column that says which row of a subject is which, where any channels are named."""
    image_channels: Names = []
    """Rows of a subject that hold its images, in the order that the network sees them."""
    image_file_column: OptionalText = None
    """Column with the path of an image; without image_channels a subject has one row; None: no images."""
    label_channels: OptionalNames = None
    """Rows of a subject that hold its labels; None means the row of its first channel."""
    label_value_column: Text = ""
    """Column with the label: yes or no, classes such as 0|2, or a number for regression."""
    class_names: Annotated[
        list[Name],
        BeforeValidator(read_items),
        Field(min_length=1),
        Form("at least one name, such as Default, or benign,malignant"),
    ] = ["Default"]
    """Classes that an item can have at the same time; a single one stands for yes or no, or a number."""
    target_names: OptionalNames = None
    """Names of the model's outputs in files and reports; None means class_names."""
    label_transforms: Annotated[
        list[Annotated[LabelTransform, choice_of(LabelTransform)]],
        BeforeValidator(read_items),
        Form("some of " + ", ".join(each.value for each in LabelTransform)),
    ] = []
    """What is done to the labels of an item, one after the other, such as Scaling,Difference."""
    label_range: Range = (0.0, 100.0)
    """Lowest and highest label, which Scaling brings to 0 and 1."""
    non_image_feature_channels: Annotated[
        dict[Name, Annotated[list[Name], Field(min_length=1)]] | None,
        BeforeValidator(read_channels_of_features),
        Form(
            "channels for all features, such as week0,week1, or for each feature, such as "
            "{age: [week0], Default: [week1]}, or None"
        ),
    ] = None
    """Rows that hold the features, by column; Default serves the rest; None means label_channels."""
    numerical_columns: Names = []
    """Columns with numbers that the network sees, brought to mean 0 and deviation 1 on Train."""
    categorical_columns: Names = []
    """Columns with categories that the network sees, one input for each category."""
    expected_column_values: Annotated[
        list[tuple[Name, Annotated[str, BeforeValidator(read_text)]]] | None,
        optional(read_pairs),
        Form("pairs of a column and a value, such as scanner=A,site=north, or None"),
    ] = None
    """Values that a row must have in some columns; other rows are left out."""
    traverse_dirs_when_loading: Bool = False
    """Find each image below the data set's folder by its name up to the first dot."""

    @property
    def number_of_images(self) -> int:
        """How many images an item has: one for each image channel, or that of its only row."""
        if self.image_channels:
            return len(self.image_channels)
        names_rows = bool(self.label_channels or self.non_image_feature_channels)
        return 0 if names_rows or not self.image_file_column else 1

    @property
    def targets(self) -> list[str]:
        """Names of the outputs in files."""
        return list(self.target_names or self.class_names)


class ScalarImageFields(Fields):
    """How the images of an item become arrays of one size."""

    image_size: OptionalSize = None
    """Size (z,y,x) to which each image is resized when it is read; 1,y,x for 2D images."""
    center_crop_size: OptionalSize = None
    """Size (z,y,x) of the middle of each image that is kept, after it is resized."""
    pad_small_images: Bool = False
    """Fill images smaller than center_crop_size up with their lowest value; False refuses them."""
    load_segmentation: Bool = False
    """Read the segmentation beside the volume of each HDF5 file."""


class ImbalanceFields(Fields):
    """What is done where one label is much rarer than the other."""

    use_imbalanced_sampler_for_training: Bool = False
    """Draw items for training, with replacement, so that both labels come equally often."""
