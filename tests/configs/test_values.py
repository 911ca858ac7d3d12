"""How values that users type are read."""

from typing import Any

import pytest

from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.names import NormMethod


def typed(field: str, value: Any) -> Any:
    """Return a field after an override, as `--config field=value` gives it."""
    assert HelloWorld.override_faults({field: value}) == []
    return getattr(HelloWorld().override({field: value}), field)


def fault(field: str, value: Any) -> str:
    """Return the one sentence that a wrong value gets."""
    faults = HelloWorld.override_faults({field: value})
    assert len(faults) == 1
    return faults[0]


@pytest.mark.parametrize("word", ["True", "true", "T", "t", "Yes", "yes", "Y", "On", "ON", "1"])
def test_spellings_of_yes(word: str) -> None:
    assert typed("shuffle", word) is True
    assert typed("inference_on_val_set", word) is True


@pytest.mark.parametrize("word", ["False", "false", "F", "f", "No", "no", "N", "Off", "off", "0"])
def test_spellings_of_no(word: str) -> None:
    assert typed("shuffle", word) is False
    assert typed("inference_on_val_set", word) is False


@pytest.mark.parametrize("value", [True, False, 0, 1])
def test_values_that_snakemake_has_typed_already(value: object) -> None:
    assert typed("shuffle", value) is bool(value)


@pytest.mark.parametrize("word", ["2", "enable", "Falsf", 2, 0.0, ["True"]])
def test_other_words_are_no_yes_or_no(word: object) -> None:
    assert "HelloWorld.shuffle needs yes or no" in fault("shuffle", word)


@pytest.mark.parametrize("value", ["16,32,48", "[16, 32, 48]", ["16", "32", "48"], [16, 32, 48]])
def test_sizes_in_every_form(value: object) -> None:
    assert typed("crop_size", value) == (16, 32, 48)


@pytest.mark.parametrize("value", ["16,32", "16,32,0", "16,32,x", 16, "16,32,1.5", True])
def test_wrong_sizes_name_the_form(value: object) -> None:
    assert "HelloWorld.crop_size needs three whole numbers" in fault("crop_size", value)


def test_a_single_value_is_a_list_of_one() -> None:
    assert typed("ground_truth_ids", "region") == ["region"]
    assert typed("feature_channels", 16) == [16]


def test_names_keep_digits_that_snakemake_read_as_numbers() -> None:
    assert typed("azure_dataset_id", 12) == "12"


@pytest.mark.parametrize("value", ["CT Window", "ct window", "CtWindow", "CT_WINDOW"])
def test_choices_by_value_or_name(value: str) -> None:
    assert typed("norm_method", value) is NormMethod.CT_WINDOW


def test_a_wrong_choice_names_the_nearest_and_all() -> None:
    sentence = fault("norm_method", "CT Windo")
    assert "Did you mean 'CT Window'?" in sentence
    assert "'Trimmed Norm'" in sentence


def test_none_leaves_an_optional_field_out() -> None:
    assert typed("mask_id", "None") is None
    assert typed("class_weights", "") is None


@pytest.mark.parametrize(
    ("field", "value", "form"),
    [
        ("num_epochs", 0, "a whole number of at least 1; got 0."),
        ("num_epochs", True, "a whole number of at least 1; got True."),
        ("num_epochs", "ten", "a whole number of at least 1; got 'ten'."),
        ("num_epochs", 1.5, "a whole number of at least 1; got 1.5."),
        ("l_rate", "fast", "a number of at least 0; got 'fast'."),
        ("l_rate", float("nan"), "a number of at least 0; got nan."),
        ("augmentation_probability", 2, "a number from 0 to 1; got 2."),
        ("random_scaling", "1", "two numbers, low and high"),
        ("image_channels", [""], "names separated by commas"),
        ("local_dataset", ["a"], "the path of a folder"),
    ],
)
def test_a_wrong_value_names_field_form_and_value(field: str, value: object, form: str) -> None:
    assert f"HelloWorld.{field} needs {form}" in fault(field, value)


def test_mixtures_are_read_from_json() -> None:
    text = '[[0.5, "SoftDice", null], [0.5, "CrossEntropy", 0.2]]'
    assert typed("mixture_loss_components", text) == [
        (0.5, "SoftDice", None),
        (0.5, "CrossEntropy", 0.2),
    ]
    assert "needs weight, loss" in fault("mixture_loss_components", "[[0.5")


@pytest.mark.parametrize(("text", "items"), [("i, ,p", ["i", "p"]), ("", []), ("a,", ["a"])])
def test_blank_items_are_none(text: str, items: list[str]) -> None:
    assert typed("ground_truth_ids", text) == items
