"""Conformance cases of the original: names of experiments, ids of runs, durations."""

import json
from pathlib import Path

import pytest

from snakemake_executor_plugin_azureml.data_sets import container_path
from snakemake_executor_plugin_azureml.names import (
    NameFormatError,
    child_id,
    fold_of_child,
    parse_recovery_id,
    safe_name,
)
from snakemake_executor_plugin_azureml.option_values import parse_duration

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def cases(topic, word):
    path = VECTORS / "json" / f"{topic}.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text())["cases"]
    return [pytest.param(case, id=case["id"]) for case in found if word in case["name"]]


@pytest.mark.parametrize("case", cases("names_and_ids", "recovery id"))
def test_recovery_ids(case):
    if case["expected"] == "error":
        with pytest.raises(NameFormatError):
            parse_recovery_id(case["input"])
    else:
        assert list(parse_recovery_id(case["input"])) == case["expected"]


@pytest.mark.parametrize("case", cases("names_and_ids", "duration"))
def test_durations(case):
    assert parse_duration(case["input"]) == case["expected"]


@pytest.mark.parametrize("case", cases("names_and_ids", "container path"))
def test_container_paths(case):
    assert container_path(case["input"]) == case["expected"]


@pytest.mark.parametrize("case", cases("names_and_ids", "experiment name"))
def test_experiment_names(case):
    assert [safe_name(text) for text in case["input"]] == case["expected"]


# The original tells a child's split by a tag; ours is in the id as well, and the two must agree.
@pytest.mark.parametrize("case", cases("crossval_segmentation", "split identifier"))
def test_the_split_of_a_child(case):
    for tags, expected in zip(case["input"], case["expected"], strict=True):
        index = tags["cross_validation_split_index"]
        run = tags["run_recovery_id"] if index == "-1" else child_id("HD_1", index)
        found = fold_of_child(run)
        assert (run if found is None else str(found)) == expected
