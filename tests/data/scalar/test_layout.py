"""Columns and channels that a model leaves out follow from those that it states."""

import pytest

from innereye.data.scalar.layout import ONLY_ROW
from scalar_tables import layout, one_row_layout


def test_without_channels_a_subject_has_one_row():
    found = one_row_layout(image_file_column="file", numerical_columns=["age"])
    assert found.channel_column is None
    assert found.channels == found.image_channels == found.label_channels == (ONLY_ROW,)
    assert found.columns == ("subject", "file", "label", "age")


def test_a_model_without_images_has_none():
    assert one_row_layout(numerical_columns=["age"]).image_channels == ()
    assert layout(image_channels=[]).image_channels == (), "channels are named, none for images"


def test_labels_come_from_the_first_channel_unless_stated():
    assert layout(label_channels=None).label_channels == ("week0",)
    assert layout().label_channels == ("week1",)


def test_features_come_from_the_row_of_the_label_unless_stated():
    assert layout().numerical[0].channels == ("week1",)
    both = layout(non_image_feature_channels=["week0", "week1"])
    assert both.feature_names == ("age_week0", "age_week1")
    assert both.categorical[0].channels == ("week0", "week1")


def test_each_feature_may_have_channels_of_its_own():
    channels = {"age": ["week1"], "Default": ["week0"]}
    found = layout(non_image_feature_channels=channels, numerical_columns=["age", "size"])
    assert [feature.channels for feature in found.numerical] == [("week1",), ("week0",)]
    assert found.categorical[0].channels == ("week0",)
    assert found.feature_names == ("age", "size")


@pytest.mark.parametrize("name", ["subject", "channel", "image_file", "label_value"])
def test_every_column_may_have_another_name(name):
    assert "other" in layout(**{f"{name}_column": "other"}).columns


def test_columns_of_filters_are_needed_and_stay_metadata():
    found = layout(expected_column_values=[("site", "north")])
    assert "site" in found.columns
    assert "site" not in found.columns_of_items
