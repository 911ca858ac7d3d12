"""Do the columns, channels and labels of a scalar model suit each other?"""

from collections import Counter
from collections.abc import Callable

from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.names import LabelTransform

SCALINGS = frozenset({LabelTransform.SCALING, LabelTransform.SCALING_BY_MAXIMUM})
LISTS = (
    "image_channels",
    "class_names",
    "target_names",
    "numerical_columns",
    "categorical_columns",
)


def items_have_labels_and_inputs(model: ScalarDataFields) -> list[str]:
    """A column of labels is named, and something that the network can see."""
    complaints = []
    if not model.label_value_column:
        complaints.append("label_value_column is empty; name the column with the labels.")
    if model.image_channels and not model.image_file_column:
        complaints.append("image_channels need image_file_column, the column with their paths.")
    if not (model.image_file_column or model.numerical_columns or model.categorical_columns):
        complaints.append(
            "There is no input: give image_file_column, numerical_columns or categorical_columns."
        )
    return complaints


def columns_are_distinct(model: ScalarDataFields) -> list[str]:
    """A column is read in one way, and nothing is listed twice."""
    complaints = [
        f"{name} lists '{each}' more than once."
        for name in LISTS
        for each, count in Counter(getattr(model, name) or []).items()
        if count > 1
    ]
    both = [each for each in model.numerical_columns if each in model.categorical_columns]
    complaints += [
        f"column '{each}' is in numerical_columns and in categorical_columns; leave it out of one."
        for each in both
    ]
    complaints += [
        f"column '{model.label_value_column}' holds the labels; as a feature it would tell them."
        for each in (*model.numerical_columns, *model.categorical_columns)
        if each == model.label_value_column and not model.non_image_feature_channels
    ]
    return complaints


def targets_are_named(model: ScalarDataFields) -> list[str]:
    """Each class has one name in files and reports."""
    names = model.target_names
    if names is None or len(names) == len(model.class_names):
        return []
    return [
        f"target_names has {len(names)} names, class_names {len(model.class_names)}; each class has one."
    ]


def label_transforms_leave_one(model: ScalarDataFields) -> list[str]:
    """Difference takes two labels, and one label is left in the end."""
    complaints = []
    transforms, channels = model.label_transforms, len(model.label_channels or [""])
    differences = transforms.count(LabelTransform.DIFFERENCE)
    if differences and channels != 2:
        complaints.append(
            f"label_transforms: Difference needs 2 label_channels; there are {channels}."
        )
    if differences > 1:
        complaints.append(
            "label_transforms: Difference leaves one label; it is listed more than once."
        )
    if not differences and channels > 1:
        complaints.append(
            f"label_channels has {channels} channels, and an item has one label; Difference makes one of two."
        )
    low, high = model.label_range
    if SCALINGS & {*transforms} and (low >= high or high == 0):
        complaints.append(
            f"label_range needs a lowest and a higher highest label, not 0; got {low:g},{high:g}."
        )
    return complaints


def features_have_channels(model: ScalarDataFields) -> list[str]:
    """Channels are stated for features that there are."""
    known = {*model.numerical_columns, *model.categorical_columns, "Default"}
    return [
        f"non_image_feature_channels names '{feature}', which is in neither numerical_columns nor "
        "categorical_columns."
        for feature in model.non_image_feature_channels or {}
        if feature not in known
    ]


SCALAR_DATA_RULES: tuple[Callable[[ScalarDataFields], list[str]], ...] = (
    items_have_labels_and_inputs,
    columns_are_distinct,
    targets_are_named,
    label_transforms_leave_one,
    features_have_channels,
)
