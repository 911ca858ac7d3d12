"""The shipped models have InnerEye's values; partial ones say what they lack."""

import random
from pathlib import Path

import pandas as pd
import pytest

from innereye.configs.colours import drawn_colours
from innereye.configs.load import load_config, load_model
from innereye.configs.model_config import ConfigFaultsError, ModelConfig
from innereye.configs.search import find_model_class
from innereye.configs.segmentation.HeadAndNeckBase import HeadAndNeckBase
from innereye.configs.segmentation.HeadAndNeckPaper import HeadAndNeckPaper
from innereye.configs.segmentation.Lung import Lung
from innereye.configs.segmentation.ProstatePaper import ProstatePaper
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.data.model_splits import splits_of_model
from innereye.errors import ConfigError
from innereye.names import CHANNEL, FILE_PATH, SUBJECT, Split
from projects import REPOSITORY
from shipped_values import DERIVED, HEAD_AND_NECK_STRUCTURES, STATED

OURS = ("HelloWorld", "MSDHippocampus")
COMPLETE = (*OURS, *(name for name in STATED if not name.endswith(("Base", "Paper"))))
LOCAL = {"local_dataset": "somewhere"}
EXAMPLES = {
    "model_configs_namespace": "InnerEyeLocal.ML.configs",
    "extra_code_directory": "config/examples/InnerEyeLocal",
}


def class_of(name: str) -> type[ModelConfig]:
    return find_model_class(name, extra_code_directory=None, model_configs_namespace="")


def refusal(name: str, **overrides: object) -> list[str]:
    with pytest.raises(ConfigFaultsError) as error:
        load_config({"model": name, **overrides}, basedir=REPOSITORY)
    return error.value.faults


@pytest.mark.parametrize("name", STATED)
def test_a_model_states_its_values_and_nothing_else(name: str) -> None:
    defaults = SegmentationModelBase().model_dump(mode="json")
    found = class_of(name)().model_dump(mode="json")
    assert found == {**defaults, **STATED[name]}


@pytest.mark.parametrize("name", DERIVED)
def test_what_follows_from_the_structures(name: str) -> None:
    model = load_model(class_of(name), LOCAL).model_dump(mode="json")
    found = {field: model[field] for field in DERIVED[name]}
    parts = found.get("largest_connected_component_foreground_classes")
    if parts is not None:
        assert {threshold for _, threshold in parts} == {None}
        found["largest_connected_component_foreground_classes"] = [part for part, _ in parts]
    assert found.pop("class_weights") == pytest.approx(DERIVED[name]["class_weights"])
    assert found.items() <= DERIVED[name].items()


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_model_is_loaded_by_its_name(name: str) -> None:
    _, model = load_config({"model": name}, basedir=REPOSITORY)
    assert type(model).__name__ == name
    # What a model derives keeps to the rules, too.
    assert model.complaints() == []


def test_every_model_file_is_known_here() -> None:
    folder = REPOSITORY / "scripts" / "innereye" / "configs" / "segmentation"
    files = {path.stem for path in folder.glob("[A-Z]*.py")}
    assert files - set(STATED) == {*OURS, "SegmentationModelBase", "RecommendedSegmentationBase"}


@pytest.mark.parametrize(
    ("name", "lacks"),
    [
        (
            "SegmentationModelBase",
            [
                "no image_channels and no ground_truth_ids",
                "no data set",
                "feature_channels needs 8",
            ],
        ),
        ("RecommendedSegmentationBase", ["no image_channels and no ground_truth_ids", "no data"]),
        ("ProstateBase", ["is partial: it has no ground_truth_ids. Inherit", "no data set"]),
        ("HeadAndNeckBase", ["is partial: it has no ground_truth_ids. Inherit", "no data set"]),
        ("GbmBase", ["is partial: it has no data set. Inherit from it, or give local_dataset="]),
        ("ProstatePaper", ["has no data set. Give local_dataset="]),
        ("HeadAndNeckPaper", ["has no data set. Give local_dataset="]),
    ],
)
def test_a_partial_model_says_what_it_lacks(name: str, lacks: list[str]) -> None:
    faults = refusal(name)
    assert len(faults) == len(lacks)
    for fault, words in zip(faults, lacks, strict=True):
        assert fault.startswith((name, "feature_channels"))
        assert words in fault


@pytest.mark.parametrize("name", ["ProstatePaper", "HeadAndNeckPaper", "GbmBase"])
def test_a_model_without_data_set_needs_no_more_than_one(name: str) -> None:
    _, model = load_config({"model": name, **LOCAL}, basedir=REPOSITORY)
    assert model.local_dataset == Path("somewhere")


@pytest.mark.parametrize("name", ["ProstateBase", "HeadAndNeckBase"])
def test_a_base_can_be_completed_by_the_call(name: str) -> None:
    overrides = {"model": name, "ground_truth_ids": "a,b", **LOCAL}
    model = load_config(overrides, basedir=REPOSITORY)[1].model_dump()
    assert model["ground_truth_ids_display_names"] == ["zz_a", "zz_b"]
    assert model["fill_holes"] == [True, True]
    assert [part for part, _ in model["largest_connected_component_foreground_classes"]] == [*"ab"]


@pytest.mark.parametrize("model", [ProstatePaper, HeadAndNeckPaper, Lung])
def test_fewer_structures_leave_no_rule_for_those_that_are_gone(model: type[ModelConfig]) -> None:
    kept = model().model_dump()["ground_truth_ids"][1]
    loaded = load_model(model, {"ground_truth_ids": kept, **LOCAL})
    assert loaded.complaints() == []


def test_post_processing_can_be_switched_off() -> None:
    for value in ("None", "[]"):
        overrides = {"largest_connected_component_foreground_classes": value, **LOCAL}
        model = load_model(ProstatePaper, overrides).model_dump()
        assert not model["largest_connected_component_foreground_classes"]


def test_head_and_neck_takes_a_part_of_its_structures() -> None:
    five = HeadAndNeckPaper(num_structures=5)
    assert five.ground_truth_ids == HEAD_AND_NECK_STRUCTURES[:5]
    assert five.feature_channels == [32]
    for number in (0, 23):
        with pytest.raises(ConfigError, match="num_structures must lie between 1 and 22"):
            HeadAndNeckPaper(num_structures=number)


@pytest.mark.parametrize(("count", "features"), [(1, 32), (20, 32), (21, 26)])
def test_head_and_neck_narrows_its_network_for_many_structures(count: int, features: int) -> None:
    base = HeadAndNeckBase(ground_truth_ids=[f"s{number}" for number in range(count)])
    assert base.feature_channels == [features]


def test_head_and_neck_draws_more_background_beside_a_single_structure() -> None:
    model = load_model(HeadAndNeckBase, {"ground_truth_ids": "a", **LOCAL}).model_dump()
    assert model["class_weights"] == [0.25, 0.75]


def test_colours_do_not_depend_on_what_was_drawn_before() -> None:
    first = load_model(HeadAndNeckPaper, LOCAL).model_dump()["colours"]
    random.random()
    assert load_model(HeadAndNeckPaper, LOCAL).model_dump()["colours"] == first
    # HelloWorld's colours in InnerEye, of seed 5.
    assert drawn_colours(2, seed=5) == [(130, 183, 14), (238, 127, 26)]


def test_the_lungs_split_is_always_the_same() -> None:
    rows = [(str(number), "a", "ct") for number in range(45)]
    frame = pd.DataFrame(rows, columns=[SUBJECT, FILE_PATH, CHANNEL])
    model = load_model(Lung, LOCAL)
    assert isinstance(model, SegmentationModelBase)
    splits = [splits_of_model(model, model, frame) for _ in range(2)]
    val = splits[0].subjects(Split.VAL)
    assert splits[0].subjects(Split.TEST) == [str(number) for number in range(9)]
    assert len(val) == 3  # a tenth of 36, rounded down
    assert val == splits[1].subjects(Split.VAL)
    everyone = {name for split in Split for name in splits[0].subjects(split)}
    assert everyone == {str(number) for number in range(45)}


@pytest.mark.parametrize(
    ("name", "structures"),
    [
        ("Prostate", ["femur_r", "femur_l", "rectum", "prostate"]),
        ("HeadAndNeck", ["parotid_l", "parotid_r", "smg_l", "smg_r", "spinal_cord"]),
    ],
)
def test_the_seeds_examples_are_found(name: str, structures: list[str]) -> None:
    _, model = load_config({"model": name, **EXAMPLES}, basedir=REPOSITORY)
    assert model.model_dump()["ground_truth_ids"] == structures
    assert model.azure_dataset_id == "name-of-your-AML-dataset-with-prostate-data"
