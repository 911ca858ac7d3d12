"""Classification and regression models: InnerEye's values, both kinds of fields, rules between fields."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from innereye.configs.classification.CovidModel import CovidModel
from innereye.configs.classification.GlaucomaPublic import GlaucomaPublic
from innereye.configs.classification.HelloClassification import HelloClassification
from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.load import load_config, load_model
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.search import find_model_class
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.errors import DatasetError
from innereye.workflow.stages import SCALAR_STAGES
from projects import REPOSITORY

OURS = {"HelloClassification", "HelloRegression"}
BASES = {"ScalarModelBase", "RecommendedClassificationBase"}
TINY: dict[str, Any] = {
    "image_file_column": "path",
    "architecture": "SingleConvolution",
    "num_epochs": 4,
    "num_dataload_workers": 0,
    "max_num_gpus": 1,
}
PLAIN = {"architecture": "PlainEncoder"}
STATED: dict[str, dict[str, Any]] = {
    "DummyClassification": {
        **TINY,
        "local_dataset": "datasets/classification_data",
        "subject_column": "subjectID",
        "image_channels": ["image"],
        "label_channels": ["image"],
        "label_value_column": "value",
        "use_mixed_precision": True,
        "pl_deterministic": True,
    },
    "DummyMulticlassClassification": {
        **TINY,
        "local_dataset": "datasets/classification_data_multiclass",
        "subject_column": "ID",
        "image_channels": ["blue"],
        "label_channels": ["blue"],
        "label_value_column": "label",
        "class_names": ["class0", "class1", "class2", "class3", "class4"],
        "loss_type": "WeightedCrossEntropyWithLogits",
        "image_size": [4, 5, 7],
        "pl_deterministic": True,
    },
    "DummyRegression": {
        **TINY,
        "local_dataset": "datasets/classification_data",
        "subject_column": "subjectID",
        "image_channels": ["image"],
        "label_channels": ["image", "image"],
        "label_value_column": "scalar2",
        "label_transforms": ["Scaling", "Difference"],
        "loss_type": "MeanSquaredError",
        "use_mixed_precision": True,
    },
    "CovidModel": {
        "azure_dataset_id": "id-of-your-dataset",
        "subject_column": "series",
        "image_file_column": "filepath",
        "label_value_column": "final_label",
        "class_names": ["CVX0", "CVX1", "CVX2", "CVX3"],
        "loss_type": "ExclusiveCrossEntropyWithLogits",
        "architecture": "ResNet50",
        "group_column": "subject",
        "num_epochs": 50,
        "train_batch_size": 64,
        "num_dataload_workers": 12,
        "max_num_gpus": 1,
        "l_rate": 1e-4,
        "l_rate_scheduler": "Step",
        "l_rate_step_gamma": 1.0,
        "split_proportions": [0.8, 0.1, 0.1],
        "inference_on_val_set": True,
        "ensemble_inference_on_val_set": True,
        "use_pretrained_model": False,
        "name_of_checkpoint": None,
        "test_set_ids_csv": None,
    },
    "GlaucomaPublic": {
        "azure_dataset_id": "glaucoma_public_dataset",
        "image_channels": ["image"],
        "image_file_column": "filePath",
        "label_channels": ["image"],
        "label_value_column": "label",
        "architecture": "PlainEncoder",
        "num_encoder_blocks": 5,
        "initial_feature_channels": 32,
        "kernel_size_per_encoding_block": [[n] * 3 for n in (7, 5, 3, 3, 3)],
        "stride_size_per_encoding_block": [[n] * 3 for n in (2, 1, 1, 1, 1)],
        "zero_padding": True,
        "num_epochs": 50,
        "train_batch_size": 64,
        "use_mixed_precision": True,
        "num_dataload_workers": 0,
        "split_proportions": [0.8, 0.1, 0.1],
    },
}


def refusal(name: str, **overrides: object) -> str:
    with pytest.raises(ConfigFaultsError) as error:
        load_config({"model": name, **overrides}, basedir=REPOSITORY)
    return "\n".join(error.value.faults)


@pytest.mark.parametrize("name", STATED)
def test_a_model_states_innereyes_values_and_nothing_else(name: str) -> None:
    kind = find_model_class(name, extra_code_directory=None, model_configs_namespace="")
    defaults = ScalarModelBase().model_dump(mode="json")
    assert kind().model_dump(mode="json") == {**defaults, **STATED[name]}


@pytest.mark.parametrize("name", [*STATED, *sorted(OURS)])
def test_a_complete_model_is_loaded_by_its_name_and_keeps_the_rules(name: str) -> None:
    _, model = load_config({"model": name}, basedir=REPOSITORY)
    assert model.complaints() == []
    assert model.model_dump()["target_names"] == model.model_dump()["class_names"]


def test_every_model_file_is_known_here() -> None:
    folder = REPOSITORY / "scripts" / "innereye" / "configs"
    found = {
        path.stem
        for kind in ("classification", "regression")
        for path in (folder / kind).glob("[A-Z]*.py")
    }
    assert found == {*STATED, *OURS, *BASES}


@pytest.mark.parametrize("name", sorted(BASES))
def test_a_base_says_what_it_lacks(name: str) -> None:
    said = refusal(name)
    assert "label_value_column is empty" in said
    assert "There is no input" in said
    assert f"{name} is partial: it has no data set" in said


def test_fields_of_the_other_kind_are_answered_with_a_sentence() -> None:
    for name in set(SegmentationModelBase.model_fields) - set(ScalarModelBase.model_fields):
        assert f"'{name}' is a field of segmentation models" in refusal(
            "HelloClassification", **{name: 1}
        )
    for name in set(ScalarModelBase.model_fields) - set(SegmentationModelBase.model_fields):
        assert f"'{name}' is a field of classification" in refusal("HelloWorld", **{name: 1})


@pytest.mark.parametrize(
    "name", ["categorical_feature_encoder", "num_dataset_reader_workers", "dataset_stats_hook"]
)
def test_a_field_that_is_left_out_is_answered_for_both_kinds(name: str) -> None:
    for model in ("HelloClassification", "HelloWorld"):
        assert f"'{name}' is left out" in refusal(model, **{name: 1})


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"loss_type": "CustomClassification"}, "override get_loss_function"),
        ({"loss_type": "CustomRegression"}, "override get_loss_function"),
        ({"loss_type": "ExclusiveCrossEntropyWithLogits"}, "at least two class_names"),
        ({"label_smoothing_eps": 0.5}, "label_smoothing_eps needs a number below 0.5"),
        ({"loss_type": "MeanSquaredError", "label_smoothing_eps": 0.1}, "labels of classes"),
        ({"class_names": "a,b", "use_imbalanced_sampler_for_training": True}, "has no meaning"),
        ({"imaging_feature_type": "Segmentation"}, "needs load_segmentation=True"),
        ({"load_segmentation": True}, "move images only"),
        ({"freeze_encoder": True}, "name pretrained_encoder"),
        ({"pretrained_encoder": "nowhere.ckpt"}, "nowhere.ckpt does not exist"),
        ({"ensemble_aggregation_type": "MajorityVote"}, "is Average"),
        ({"norm_method": "MRI Window"}, "one number for each of 1 images"),
        ({"random_scaling": "1.1,0.9"}, "random_scaling needs the lower number first"),
        ({**PLAIN, "kernel_size_per_encoding_block": "[[3,3,3],[1,3,3],[1,3,3]]"}, "needs one size"),
        ({"mlp_dropout": 1}, "mlp_dropout must lie in [0, 1)"),
        ({"extra_local_dataset_paths": "more"}, "reads one data set"),
        ({"min_l_rate": 1}, "min_l_rate 1 exceeds"),
        ({"test_epochs": "99"}, "test_epochs must lie"),
        ({"split_proportions": "1,0,0"}, "split_proportions needs shares"),
    ],
)  # fmt: skip
def test_fields_that_contradict_each_other_are_refused(
    overrides: dict[str, Any], words: str
) -> None:
    assert words in refusal("HelloClassification", **overrides)


def test_a_model_without_images_gets_a_network_without_an_encoder() -> None:
    model = load_model(HelloClassification, {"image_file_column": "None"}).model_dump()
    assert model["architecture"] == "Mlp"
    assert load_model(HelloClassification, {}).model_dump()["architecture"] == "ResidualEncoder"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,3,3", [(1, 3, 3)]),
        ("[[5,5,5],[3,3,3]]", [(5, 5, 5), (3, 3, 3)]),
        (["[5", "5", "5]", "[3", "3", "3]"], [(5, 5, 5), (3, 3, 3)]),
        ([1, 3, 3], [(1, 3, 3)]),
    ],
)
def test_sizes_of_blocks_are_read_as_typed(typed: object, read: list[tuple[int, ...]]) -> None:
    field = "kernel_size_per_encoding_block"
    assert HelloClassification().override({field: typed}).model_dump()[field] == read


@pytest.mark.parametrize("name", sorted(ScalarModelBase.model_fields))
def test_a_value_survives_being_typed(name: str) -> None:
    for kind in (HelloClassification, GlaucomaPublic):
        stated = kind().plain({name})[name]
        typed = json.dumps(stated) if isinstance(stated, list | dict) else str(stated)
        assert kind.override_faults({name: typed}) == []
        assert kind().override({name: typed}).plain({name})[name] == stated


@pytest.mark.parametrize("stage", sorted({s for s, _ in SCALAR_STAGES.values()}, key=str))
def test_fields_survive_the_way_into_a_job(stage: type) -> None:
    whole = load_model(HelloClassification, {})
    plain = {**whole.settings(stage), **whole.plain(set(stage.model_fields))}
    settings_of_job = stage(**json.loads(json.dumps(plain)))
    for name in stage.model_fields:
        assert getattr(settings_of_job, name) == getattr(whole, name), name


def test_a_model_of_ones_own_may_stand_anywhere_below_the_namespace(tmp_path: Path) -> None:
    folder = tmp_path / "Mine" / "configs" / "classification"
    folder.mkdir(parents=True)
    base = "innereye.configs.classification.HelloClassification"
    text = (
        f"from {base} import HelloClassification\n\nclass MyBalls(HelloClassification):\n    pass\n"
    )
    (folder / "MyBalls.py").write_text(text)
    config = {
        "model": "MyBalls",
        "extra_code_directory": str(tmp_path / "Mine"),
        "model_configs_namespace": "Mine.configs",
    }
    assert isinstance(load_config(config, basedir=tmp_path)[1], HelloClassification)
    assert not isinstance(
        load_config({"model": "HelloWorld"}, basedir=tmp_path)[1], ScalarModelBase
    )
    assert HelloWorld


def test_covid_model_takes_the_encoder_of_a_checkpoint_and_a_smaller_rate(tmp_path: Path) -> None:
    (tmp_path / "encoder.ckpt").touch()
    named = {"use_pretrained_model": True, "name_of_checkpoint": str(tmp_path / "encoder.ckpt")}
    model = load_config({"model": "CovidModel", **named, "freeze_encoder": 1}, basedir=tmp_path)[1]
    assert model.model_dump()["pretrained_encoder"] == tmp_path / "encoder.ckpt"
    assert model.model_dump()["l_rate"] == 1e-5
    stated = load_config({"model": "CovidModel", **named, "l_rate": 3e-3}, basedir=tmp_path)[1]
    assert stated.model_dump()["l_rate"] == 3e-3
    assert "name pretrained_encoder" in refusal("CovidModel", freeze_encoder=True)
    assert "needs name_of_checkpoint" in refusal("CovidModel", use_pretrained_model=True)


def test_covid_model_keeps_the_subjects_of_a_listed_test_out_of_training(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"series": [f"s{n}" for n in range(40)], "subject": [n // 2 for n in range(40)]}
    )
    frame[:1][["series"]].to_csv(tmp_path / "test.csv", index=False)
    model = CovidModel(test_set_ids_csv=str(tmp_path / "test.csv"))
    lists = model.get_model_train_test_dataset_splits(frame)
    assert lists is not None
    assert lists.test == ["s0"]
    assert sorted([*lists.train, *lists.val]) == sorted(frame["series"][2:])
    assert len(lists.val) == 38 // 9
    pd.DataFrame({"series": ["s99"]}).to_csv(tmp_path / "test.csv", index=False)
    with pytest.raises(DatasetError, match=r"1 series that the data set lacks, such as s99\."):
        model.get_model_train_test_dataset_splits(frame)
