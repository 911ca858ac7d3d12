"""What was learnt of the features of Train goes with the model, through a file, unchanged."""

import numpy as np
import pytest

from innereye.data.scalar.feature_space import (
    FeatureSpace,
    input_names,
    read_feature_space,
    write_feature_space,
)
from innereye.data.scalar.items import fit_encoder, parse_items
from innereye.errors import DatasetError
from scalar_tables import layout, table


@pytest.fixture
def fitted():
    frame = table(("1", "2", "3", "4"))
    encoder = fit_encoder(frame, layout())
    items = parse_items(frame, layout(), encoder=encoder).items
    return FeatureSpace.fit(items[:3], layout(), encoder), items


def test_items_are_scaled_by_train(fitted):
    space, items = fitted
    numbers = [item.numerical.item() for item in space.scaled(items)]
    assert numbers == pytest.approx([-1, 0, 1, 2])
    np.testing.assert_array_equal(space.scaled(items)[0].categorical, items[0].categorical)


def test_a_space_survives_its_file(fitted, tmp_path):
    write_feature_space(tmp_path / "a" / "features.json", fitted[0])
    assert read_feature_space(tmp_path / "a" / "features.json") == fitted[0]


def test_a_model_without_features_has_a_space(tmp_path):
    bare = layout(numerical_columns=[], categorical_columns=[])
    items = parse_items(table(), bare).items
    space = FeatureSpace.fit(items, bare, fit_encoder(table(), bare))
    assert space.scaled(items)[0].numerical.shape == (0,)
    assert FeatureSpace.from_plain(space.to_plain()) == space


def test_each_input_has_a_name_in_the_order_of_items():
    read = layout(non_image_feature_channels={"sex": ["week0", "week1"], "age": ["week1"]})
    encoder = fit_encoder(table(), read)
    item = parse_items(table(), read, encoder=encoder).items[1]
    values = np.concatenate([item.numerical, item.categorical])
    assert dict(zip(input_names(read, encoder), values.tolist(), strict=True)) == {
        "age": 50,
        "sex_week0=female": 0,
        "sex_week0=male": 1,
        "sex_week1=female": 0,
        "sex_week1=male": 1,
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"categories": {}}'])
def test_another_file_is_refused(text, tmp_path):
    (tmp_path / "features.json").write_text(text)
    with pytest.raises(DatasetError, match="does not describe the features"):
        read_feature_space(tmp_path / "features.json")
