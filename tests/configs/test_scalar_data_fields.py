"""The fields of scalar data sets can be typed, refuse what is none, and suit each other."""

import json

import pytest

from innereye.configs.fields.scalar_data import (
    ImbalanceFields,
    ScalarDataFields,
    ScalarImageFields,
)
from innereye.configs.model_config import ModelConfig
from innereye.configs.rules.scalar_data import SCALAR_DATA_RULES
from innereye.names import LabelTransform


class Model(ScalarDataFields, ScalarImageFields, ImbalanceFields, ModelConfig):
    """A model with no more than its data."""


GROUPS = (ScalarDataFields, ScalarImageFields, ImbalanceFields)
FIELDS = sorted({name for group in GROUPS for name in group.model_fields})
GOOD = {"label_value_column": "label", "image_file_column": "file"}
SCALING, DIFFERENCE = LabelTransform.SCALING, LabelTransform.DIFFERENCE


def typed(name, value):
    assert Model.override_faults({name: value}) == []
    return getattr(Model().override({name: value}), name)


@pytest.mark.parametrize("name", FIELDS)
def test_a_default_survives_being_typed(name):
    default = Model().plain({name})[name]
    text = json.dumps(default) if isinstance(default, list | dict) else str(default)
    assert Model.override_faults({name: text}) == []
    assert Model().override({name: text}).plain({name})[name] == default


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], object, [[[["a"]]]]])
def test_a_bad_value_is_refused_with_a_sentence_that_names_the_field(name, value):
    (fault,) = Model.override_faults({name: value})
    assert fault.startswith(f"Model.{name} needs ")
    assert "; got " in fault


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_has_a_sentence_and_comes_plain_through_json(name):
    sentence = Model.model_fields[name].description
    assert sentence[0].isupper()
    assert sentence[-1] == "."
    plain = Model().plain({name})
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("week0,week1", {"Default": ["week0", "week1"]}),
        (["week0"], {"Default": ["week0"]}),
        ("{age: [a, b], Default: [c]}", {"age": ["a", "b"], "Default": ["c"]}),
        ('{"age": ["a"]}', {"age": ["a"]}),
        ({"age": "a,b"}, {"age": ["a", "b"]}),
        ({"age": ("a",)}, {"age": ["a"]}),
        (7, {"Default": ["7"]}),
        ("None", None),
        ("", None),
        ([], None),
    ],
)
def test_channels_of_features_in_all_spellings(value, expected):
    assert typed("non_image_feature_channels", value) == expected


@pytest.mark.parametrize("value", ["{age: [a", "{a, b}", {"": ["a"]}, {"a": [True]}, True])
def test_what_is_no_channels_of_features_is_refused(value):
    assert len(Model.override_faults({"non_image_feature_channels": value})) == 1


@pytest.mark.parametrize(
    "value",
    [
        "site=north,scanner=A",
        [("site", "north"), ["scanner", "A"]],
        "[[site, north], [scanner, A]]",
        ["site=north", "scanner=A"],
    ],
)
def test_expected_values_in_all_spellings(value):
    assert typed("expected_column_values", value) == [("site", "north"), ("scanner", "A")]


def test_an_expected_value_may_be_empty_or_a_number():
    assert typed("expected_column_values", "note=,week=3") == [("note", ""), ("week", "3")]


def test_label_transforms_in_all_spellings():
    assert typed("label_transforms", "scaling, Difference") == [SCALING, DIFFERENCE]
    assert typed("label_transforms", "SCALING_BY_MAXIMUM") == [LabelTransform.SCALING_BY_MAXIMUM]
    (fault,) = Model.override_faults({"label_transforms": "Root"})
    assert "some of Identity, Difference, Scaling, ScalingByMaximum" in fault


def test_a_model_has_at_least_one_class():
    assert Model().class_names == ["Default"]
    assert typed("class_names", "benign, malignant") == ["benign", "malignant"]
    assert "needs at least one name" in Model.override_faults({"class_names": []})[0]


def complaints(**values):
    model = Model(**{**GOOD, **values})
    return [sentence for rule in SCALAR_DATA_RULES for sentence in rule(model)]


BROKEN = {
    "no label": ({"label_value_column": ""}, "label_value_column is empty"),
    "no paths": (
        {"image_channels": ["a"], "image_file_column": None, "numerical_columns": ["age"]},
        "image_channels need image_file_column",
    ),
    "no input": ({"image_file_column": None}, "There is no input"),
    "twice": ({"numerical_columns": ["age", "age"]}, "numerical_columns lists 'age' more than"),
    "both": (
        {"numerical_columns": ["age"], "categorical_columns": ["age"]},
        "column 'age' is in numerical_columns and in categorical_columns",
    ),
    "label as feature": ({"numerical_columns": ["label"]}, "as a feature it would tell them"),
    "targets": ({"target_names": ["a", "b"]}, "target_names has 2 names, class_names 1"),
    "difference of one": ({"label_transforms": ["Difference"]}, "Difference needs 2"),
    "two labels": ({"label_channels": ["a", "b"]}, "an item has one label"),
    "difference twice": (
        {"label_channels": ["a", "b"], "label_transforms": ["Difference", "Difference"]},
        "Difference leaves one label",
    ),
    "range": (
        {"label_transforms": ["Scaling"], "label_range": (5, 5)},
        "label_range needs a lowest and a higher highest label, not 0; got 5,5",
    ),
    "feature": (
        {"non_image_feature_channels": {"weight": ["a"]}, "numerical_columns": ["age"]},
        "non_image_feature_channels names 'weight'",
    ),
}
SOUND = {
    "one row": {},
    "features alone": {"image_file_column": None, "numerical_columns": ["age"]},
    "targets": {"class_names": ["a", "b"], "target_names": ["A", "B"]},
    "difference": {"label_channels": ["a", "b"], "label_transforms": ["Scaling", "Difference"]},
    "difference of a label to itself": {
        "label_channels": ["a", "a"],
        "label_transforms": ["Difference"],
    },
    "an earlier label": {
        "non_image_feature_channels": ["week0"],
        "label_channels": ["week1"],
        "numerical_columns": ["label"],
    },
    "range of no use": {"label_range": (5, 5)},
}


@pytest.mark.parametrize("name", BROKEN)
def test_fields_that_do_not_suit_each_other_are_told(name):
    values, phrase = BROKEN[name]
    (complaint,) = complaints(**values)
    assert phrase in complaint
    assert complaint.endswith(".")


@pytest.mark.parametrize("name", SOUND)
def test_a_near_miss_is_no_complaint(name):
    assert complaints(**SOUND[name]) == []
