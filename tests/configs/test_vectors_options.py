"""InnerEye's own cases of option parsing, as `--config` reads them.

Each `--name=value` is `name=value` here. Where InnerEye's parser was wrong or had forms of its own,
the case says what we do instead (W3, W4: weaknesses of the original, listed in the README).
"""

from pathlib import Path
from typing import Any

import pytest
from snakemake.cli import parse_config

from innereye.configs.load import load_config
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.names import NormMethod

TRUE = ["On", "T", "True", "Y", "Yes", "1", "on", "t", "true", "y", "yes", "yES"]
FALSE = ["Off", "F", "False", "N", "No", "0", "off", "f", "false", "n", "no", "nO"]


def typed(*entries: str) -> Any:
    """Return HelloWorld as `--config model=HelloWorld <entries>` states it."""
    config = parse_config(["model=HelloWorld", *entries])
    return load_config(config, basedir=Path())[1]


def refused(*entries: str) -> str:
    """Return what is said of entries that are refused."""
    with pytest.raises(ConfigFaultsError) as error:
        typed(*entries)
    return str(error.value)


@pytest.mark.parametrize(
    ("entry", "field", "value"),
    [
        ("azure_dataset_id=foo", "azure_dataset_id", "foo"),
        ("random_seed=", "random_seed", 42),
        ("outlier_range=", "outlier_range", 3.0),
        ("pl_limit_train_batches=", "pl_limit_train_batches", None),
        ("loss_class_weight_power=", "loss_class_weight_power", None),
        ("output_range=1,2", "output_range", (1.0, 2.0)),
        ("norm_method=MRI Window", "norm_method", NormMethod.MRI_WINDOW),
        ("test_epochs=1,2,3", "test_epochs", [1, 2, 3]),
        ("shuffle=no", "shuffle", False),  # --no-shuffle
    ],
)
def test_single_options(entry: str, field: str, value: object) -> None:
    tail = ["tail=1"] if value is NormMethod.MRI_WINDOW else []
    assert getattr(typed(entry, *tail), field) == value


@pytest.mark.parametrize("word", TRUE)
def test_words_for_yes_for_flags_of_either_default(word: str) -> None:
    model = typed(f"exact_split={word}", f"shuffle={word}", f"train={word}")
    assert model.exact_split is model.shuffle is model.train is True


@pytest.mark.parametrize("word", FALSE)
def test_words_for_no_for_flags_of_either_default(word: str) -> None:
    model = typed(f"exact_split={word}", f"shuffle={word}", f"inference_on_val_set={word}")
    assert model.exact_split is model.shuffle is model.inference_on_val_set is False
    assert "train=False leaves nothing to evaluate" in refused(f"train={word}")


@pytest.mark.parametrize("word", ["2", "enable", "Falsf", "[True]"])
def test_other_words_are_no_yes_or_no(word: str) -> None:
    assert "HelloWorld.exact_split needs yes or no" in refused(f"exact_split={word}")


def test_a_flag_without_a_value_is_refused_by_snakemake() -> None:
    # W4: a bare flag was an error for flags that are on, and swallowed the next word for others.
    with pytest.raises(ValueError, match="name=value"):
        parse_config(["shuffle"])


def test_names_are_not_abbreviated() -> None:
    # W4: a beginning of a name was enough.
    assert "has no field 'num_epoch'. Did you mean 'num_epochs'?" in refused("num_epoch=3")


def test_defaults() -> None:
    model = HelloWorld()
    assert model.plain({"random_seed", "adam_betas", "shuffle", "pin_memory"}) == {
        "adam_betas": [0.9, 0.999],
        "pin_memory": True,
        "random_seed": 42,
        "shuffle": True,
    }


@pytest.mark.parametrize("name", ["__init__", "model_config", "_private", "complaints"])
def test_what_is_no_field_cannot_be_set(name: str) -> None:
    with pytest.raises(ConfigFaultsError, match=f"has no field '{name}'"):
        load_config({"model": "HelloWorld", name: 1}, basedir=Path())


@pytest.mark.parametrize(
    ("value", "read"),
    [("foo", ["foo"]), (["foo", "bar"], ["foo", "bar"]), (1, ["1"]), ([1], ["1"])],
)
def test_a_single_text_is_a_list_of_one(value: object, read: list[str]) -> None:
    # InnerEye refuses numbers; Snakemake has made numbers of texts such as 1, so they are texts here.
    assert HelloWorld().override({"ignore_subjects": value}).ignore_subjects == read


def test_the_command_line_wins_over_the_file_and_the_file_over_the_class() -> None:
    in_file = {"model": "HelloWorld", "l_rate": "1e-4", "random_seed": 1}
    typed_values = parse_config(["num_epochs=42", "random_seed=2"])
    _, model = load_config({**in_file, **typed_values}, basedir=Path())
    values = model.plain({"l_rate", "num_epochs", "random_seed", "crop_size"})
    assert values == {
        "crop_size": [32, 32, 32],
        "l_rate": 0.0001,
        "num_epochs": 42,
        "random_seed": 2,
    }


MIXTURE = [(0.5, "SoftDice", None), (0.5, "CrossEntropy", 0.2)]


@pytest.mark.parametrize(
    "entry",
    [
        "[[0.5, SoftDice, null], [0.5, CrossEntropy, 0.2]]",
        '[[0.5, "SoftDice", null], [0.5, "CrossEntropy", 0.2]]',
        "[(0.5, softdice, None), (0.5, cross_entropy, 0.2)]",
        "[0.5, SoftDice, None], [0.5, CrossEntropy, 0.2]",
        "((0.5, 'SoftDice', None), (0.5, 'CrossEntropy', 0.2))",
    ],
)
def test_lists_of_lists_can_be_typed(entry: str) -> None:
    # W3: in InnerEye they could not be given usefully.
    assert typed(f"mixture_loss_components={entry}").mixture_loss_components == MIXTURE


@pytest.mark.parametrize("entry", ["on,off", "True,False", "[yes, no]", "[1,0]", "(T,F)"])
def test_lists_of_yes_and_no_can_be_typed(entry: str) -> None:
    # W3: every item, False as well, became True.
    assert typed(f"fill_holes={entry}").fill_holes == [True, False]


def test_fields_that_were_arguments_of_constructors_only() -> None:
    # W3: stride, smallest rate and the like could not be given on the command line.
    model = typed("inference_stride_size=16,16,16", "min_l_rate=1e-6", "test_crop_size=(32,32,32)")
    assert model.inference_stride_size == (16, 16, 16)
    assert model.min_l_rate == 1e-6
    assert model.test_crop_size == (32, 32, 32)
