"""config/schema.json and the tables of config/README.md: fresh, valid, and true of the fields."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from innereye.configs.catalogue import all_keys, groups_of_model
from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.run_settings import RunSettings
from innereye.configs.schema import schema_text
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.configs.tables import BEGIN, END, tables, with_tables
from innereye.errors import ConfigError

SCHEMA = Path("config") / "schema.json"
README = Path("config") / "README.md"
PARTS = ("the run", "the model", "a scalar model")
STALE = "stale: run `make golden`"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(schema_text())


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema)


def test_the_schema_is_fresh(repository: Path, update_golden: bool) -> None:
    if update_golden:
        (repository / SCHEMA).write_text(schema_text(), encoding="utf-8")
    assert (repository / SCHEMA).read_text(encoding="utf-8") == schema_text(), STALE


def test_the_tables_are_fresh(repository: Path, update_golden: bool) -> None:
    text = (repository / README).read_text(encoding="utf-8")
    if update_golden:
        (repository / README).write_text(with_tables(text), encoding="utf-8")
        text = with_tables(text)
    assert text == with_tables(text), STALE


def test_words_around_the_tables_stay() -> None:
    marks = [mark.format(part=part) for part in PARTS for mark in (BEGIN, END)]
    text = "head\n{}\nyesterday's\n{}\nbetween\n{}\n\n{}\n{}\n{}\nend\n".format(*marks)
    fresh = with_tables(text)
    assert fresh.startswith("head\n")
    assert fresh.endswith("\nend\n")
    assert "\nbetween\n" in fresh
    assert "yesterday's" not in fresh
    assert with_tables(fresh) == fresh


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"config/README\.md needs the lines"):
        with_tables("no mark\n")


def test_a_row_shows_default_value_and_sentence() -> None:
    text = tables(groups_of_model())
    assert "| `crop_size` | `64,64,64` | three whole numbers" in text
    assert "| `shuffle` | `True` | yes or no | Draw a new order" in text


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


def test_the_schema_has_each_key_with_sentence_and_default(schema: dict[str, Any]) -> None:
    kinds = (SegmentationModelBase, ScalarModelBase, RunSettings)
    names = {name for kind in kinds for name in kind.model_fields}
    assert set(schema["properties"]) == names == {key.name for key in all_keys()}
    assert all(part["description"] and "default" in part for part in schema["properties"].values())


def test_no_key_of_the_run_is_a_field_of_the_model() -> None:
    for kind in (SegmentationModelBase, ScalarModelBase):
        assert set(kind.model_fields) & set(RunSettings.model_fields) == set()


def test_each_default_is_valid(schema: dict[str, Any], validator: Draft202012Validator) -> None:
    defaults = {name: part["default"] for name, part in schema["properties"].items()}
    assert list(validator.iter_errors(defaults)) == []


def test_our_own_config_is_valid(repository: Path, validator: Draft202012Validator) -> None:
    text = (repository / "config" / "config.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert list(validator.iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "config",
    [
        {"num_epochs": 3, "shuffle": "off", "train": "No", "overwrite": 1},
        {"crop_size": [32, 64, 64], "test_crop_size": "32,64,64", "mask_id": None},
        {"norm_method": "CT Window", "ground_truth_ids": ["a", "b"], "image_channels": "ct"},
        {"fill_holes": ["on", "off"], "pl_profiler": "simple"},
    ],
)
def test_what_a_user_may_write_is_valid(
    config: dict[str, Any], validator: Draft202012Validator
) -> None:
    assert list(validator.iter_errors(config)) == []


@pytest.mark.parametrize(
    "config",
    [
        {"num_epocs": 3},
        {"num_epochs": 0},
        {"num_epochs": "many"},
        {"augmentation_probability": 1.5},
        {"shuffle": "maybe"},
        {"crop_size": [32, 64]},
        {"norm_method": "CT Windo"},
        {"port": 65536},
        {"mean_teacher_alpha": 0.9},
    ],
)
def test_what_is_wrong_is_not_valid(
    config: dict[str, Any], validator: Draft202012Validator
) -> None:
    assert list(validator.iter_errors(config))
