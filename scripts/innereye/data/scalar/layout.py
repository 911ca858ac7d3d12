"""Which columns and rows of a table make up an item, and how are its labels read?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from innereye.configs.fields.scalar_data import DEFAULT_FEATURE, ScalarDataFields
from innereye.data.scalar.label_transforms import Transform, transforms_of
from innereye.data.scalar.labels import LabelKind, label_kind

# Stands for the only row of a subject, where a model names no channels.
ONLY_ROW = ""


@dataclass(frozen=True)
class Feature:
    """A column, and the rows of a subject whose values are inputs of the network."""

    column: str
    channels: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """A name for the value of each row."""
        if len(self.channels) == 1:
            return (self.column,)
        return tuple(f"{self.column}_{channel}" for channel in self.channels)


@dataclass(frozen=True)
class Layout:
    """Where the parts of an item stand in its table; `channel_column` is None for one row a subject."""

    subject_column: str
    channel_column: str | None
    image_file_column: str | None
    label_value_column: str
    image_channels: tuple[str, ...]
    label_channels: tuple[str, ...]
    numerical: tuple[Feature, ...]
    categorical: tuple[Feature, ...]
    kind: LabelKind
    number_of_classes: int
    label_transforms: tuple[Transform, ...]
    expected_values: tuple[tuple[str, str], ...] = ()
    finds_files_by_name: bool = False

    @property
    def channels(self) -> tuple[str, ...]:
        """All rows that a subject must have."""
        of_features = (
            name for feature in (*self.numerical, *self.categorical) for name in feature.channels
        )
        return tuple(dict.fromkeys((*self.image_channels, *self.label_channels, *of_features)))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the table must have, in the order in which people think of them."""
        filters = (column for column, _ in self.expected_values)
        return tuple(dict.fromkeys((*self.columns_of_items, *filters)))

    @property
    def columns_of_items(self) -> tuple[str, ...]:
        """The columns that items are read from; what stands in others is metadata."""
        features = [feature.column for feature in (*self.numerical, *self.categorical)]
        places = (self.subject_column, self.channel_column, self.image_file_column)
        named = (*places, self.label_value_column, *features)
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of the numerical values of an item, in their order."""
        return tuple(name for feature in self.numerical for name in feature.names)


def layout_of(
    fields: ScalarDataFields,
    *,
    is_regression: bool,
    label_transforms: Sequence[Transform] | None = None,
) -> Layout:
    """Return the layout that the fields of a model state.

    `label_transforms` are the model's own, in place of those that the fields name.
    """
    channels = _Channels(fields)
    if label_transforms is None:
        label_transforms = transforms_of(fields.label_transforms, fields.label_range)
    return Layout(
        subject_column=fields.subject_column,
        channel_column=fields.channel_column if channels.are_named else None,
        image_file_column=fields.image_file_column,
        label_value_column=fields.label_value_column,
        image_channels=channels.of_images,
        label_channels=channels.of_labels,
        numerical=channels.features(fields.numerical_columns),
        categorical=channels.features(fields.categorical_columns),
        kind=label_kind(len(fields.class_names), is_regression=is_regression),
        number_of_classes=len(fields.class_names),
        label_transforms=tuple(label_transforms),
        expected_values=tuple(fields.expected_column_values or ()),
        finds_files_by_name=fields.traverse_dirs_when_loading,
    )


class _Channels:
    """Which rows serve what, where some are named and others follow from those."""

    def __init__(self, fields: ScalarDataFields) -> None:
        by_feature: Mapping[str, list[str]] = fields.non_image_feature_channels or {}
        stated = [*fields.image_channels, *(fields.label_channels or [])]
        stated += [name for names in by_feature.values() for name in names]
        first = stated[0] if stated else ONLY_ROW
        self.are_named = bool(stated)
        self.of_labels = tuple(fields.label_channels or [first])
        self._by_feature = by_feature
        # Where channels are named, none of them for images, the original has a model without images.
        only_row = () if self.are_named or not fields.image_file_column else (ONLY_ROW,)
        self.of_images = tuple(fields.image_channels) or only_row

    def features(self, columns: Sequence[str]) -> tuple[Feature, ...]:
        """Return the rows of each column: its own, else the default ones, else those of the labels."""
        default = self._by_feature.get(DEFAULT_FEATURE, self.of_labels)
        return tuple(
            Feature(column, tuple(self._by_feature.get(column, default))) for column in columns
        )
