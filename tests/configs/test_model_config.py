"""Stating, overriding, checking and cutting a model."""

from pathlib import Path

import pytest

from innereye.configs.fields.machine import MachineFields
from innereye.configs.load import load_config, load_model
from innereye.configs.model_config import ConfigFaultsError, ModelConfig
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.segmentation.MSDHippocampus import MSDHippocampus
from innereye.configs.segmentation.ProstateBase import ProstateBase
from innereye.configs.segmentation.SegmentationModelBase import (
    SegmentationModelBase,
    equally_weighted_classes,
)
from innereye.configs.stages.outliers import OutlierSettings
from innereye.configs.stages.plot import PlotSettings
from innereye.configs.stages.report import ReportSettings
from innereye.configs.stages.score import ScoreSettings
from innereye.configs.stages.segment import SegmentSettings
from innereye.configs.stages.train import TrainSettings
from innereye.errors import ConfigError

STAGES = [
    OutlierSettings,
    PlotSettings,
    ReportSettings,
    ScoreSettings,
    SegmentSettings,
    TrainSettings,
]


def faults_of(**overrides: object) -> list[str]:
    """Return the faults of HelloWorld with these overrides."""
    with pytest.raises(ConfigFaultsError) as error:
        load_model(HelloWorld, dict(overrides))
    return error.value.faults


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("model", [HelloWorld, MSDHippocampus])
def test_settings_of_a_stage_come_back_as_they_were(model: type[ModelConfig], stage: type) -> None:
    whole = load_model(model, {})
    settings = stage(**whole.settings(stage))
    names = set(stage.model_fields) - set(MachineFields.model_fields)
    assert {n: getattr(settings, n) for n in names} == {n: getattr(whole, n) for n in names}


def test_a_stage_knows_only_its_own_fields() -> None:
    settings = OutlierSettings(**load_model(HelloWorld, {}).settings(OutlierSettings))
    assert set(type(settings).model_fields) == {"outlier_range"}
    with pytest.raises(AttributeError):
        settings.num_epochs  # noqa: B018


def test_places_and_sizes_of_the_machine_are_no_settings() -> None:
    settings = load_model(HelloWorld, {}).settings(TrainSettings)
    assert "local_dataset" not in settings
    assert "num_dataload_workers" not in settings


def test_settings_are_sorted_so_that_their_text_is_stable() -> None:
    names = list(load_model(HelloWorld, {}).settings(TrainSettings))
    assert names == sorted(names)


def test_all_faults_are_said_at_once() -> None:
    faults = faults_of(num_epocs=3, crop_size="1,2", shuffle="maybe")
    assert len(faults) == 3
    assert faults[0] == "HelloWorld has no field 'num_epocs'. Did you mean 'num_epochs'?"


def test_derived_fields_follow_overrides() -> None:
    model = load_model(HelloWorld, {"ground_truth_ids": "region", "num_epochs": 3})
    assert model.model_dump()["class_weights"] == [0.5, 0.5]
    assert model.model_dump()["test_epochs"] == [3]


def test_prostate_gives_the_background_its_own_weight() -> None:
    model = load_model(ProstateBase, {"ground_truth_ids": "a,b", "azure_dataset_id": "x"})
    assert model.model_dump()["class_weights"] == pytest.approx([0.02, 0.49, 0.49])


def test_test_epochs_are_sorted_and_distinct() -> None:
    model = load_model(HelloWorld, {"test_epochs": "9,3,9"})
    assert model.model_dump()["test_epochs"] == [3, 9]


def test_a_partial_model_says_what_it_lacks() -> None:
    with pytest.raises(
        ConfigFaultsError, match="ProstateBase is partial: it has no ground_truth_ids"
    ):
        load_model(ProstateBase, {"azure_dataset_id": "x"})


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"local_dataset": "None"}, "has no data set"),
        ({"image_channels": "region"}, "'region' occurs twice"),
        ({"ground_truth_ids": "background"}, "must not hold 'background'"),
        ({"ground_truth_ids": "uncertainty"}, "a file of the results has that name"),
        ({"crop_size": "8,8,8"}, "leaves one voxel at the deepest level"),
        ({"ground_truth_ids": "a/b"}, "cannot be a file name"),
        ({"crop_size": "64,64,60"}, "crop_size must be multiples of 8"),
        ({"test_crop_size": "20,16,16"}, "test_crop_size must be multiples of 8"),
        ({"inference_stride_size": "64,64,64"}, "must not exceed the window (48, 48, 48)"),
        ({"kernel_size": 2}, "kernel_size must be odd"),
        ({"class_weights": "0.5,0.5"}, "class_weights needs 3 numbers"),
        ({"class_weights": "0.5,0.5,0.5"}, "class_weights must sum to 1"),
        ({"random_scaling": "1.2,0.8"}, "random_scaling needs the lower number first"),
        ({"random_gamma": "0,1"}, "random_gamma needs numbers above 0"),
        ({"output_range": "1,1"}, "output_range needs the lower number first"),
        ({"trim_percentiles": "1,101"}, "between 0 and 100"),
        ({"norm_method": "MRI Window"}, "needs tail"),
        ({"min_l_rate": 1}, "min_l_rate 1 exceeds l_rate"),
        ({"l_rate_scheduler": "MultiStep"}, "l_rate_multi_step_milestones"),
        ({"mixture_loss_components": "[]"}, "needs mixture_loss_components"),
        ({"test_epochs": "2,21"}, "test_epochs must lie between 1 and num_epochs=20; got 21"),
        ({"split_proportions": "0.5,0.5,0.5"}, "split_proportions needs shares"),
        ({"number_of_cross_validation_splits": 1}, "must be 0 (none) or at least 2"),
        ({"split_by_hash": True, "stratify_column": "site"}, "leave one of the two out"),
    ],
)
def test_fields_that_contradict_each_other(overrides: dict[str, object], words: str) -> None:
    assert any(words in fault for fault in faults_of(**overrides))


@pytest.mark.parametrize(
    "overrides",
    [
        {"crop_size": "64,64,56"},
        {"inference_stride_size": "48,48,48"},
        {"class_weights": "0.2,0.4,0.4"},
        {"random_scaling": "1,1"},
        {"norm_method": "MRI Window", "tail": "1"},
        {"test_epochs": "1,20"},
        {"split_proportions": "0.5,0.5,0"},
        {"number_of_cross_validation_splits": 2},
        {"split_by_hash": True, "group_column": "site"},
        {"stratify_column": "site", "group_column": "patient"},
        {"l_rate_scheduler": "MultiStep", "l_rate_multi_step_milestones": "2,4"},
    ],
)
def test_near_misses_are_accepted(overrides: dict[str, object]) -> None:
    load_model(HelloWorld, overrides)


def test_faults_of_a_class_and_of_the_config_come_together() -> None:
    class Broken(HelloWorld):
        def __init__(self) -> None:
            super().__init__(num_epochs=0, colour="red")

    with pytest.raises(ConfigFaultsError) as error:
        load_model(Broken, {"plot_dpy": 3})
    assert len(error.value.faults) == 3
    assert any("Did you mean 'plot_dpi'?" in fault for fault in error.value.faults)


def test_an_override_repairs_nothing_silently() -> None:
    class Broken(HelloWorld):
        def __init__(self) -> None:
            super().__init__(num_epochs=0)

    with pytest.raises(ConfigFaultsError, match=r"Broken\.num_epochs"):
        load_model(Broken, {"num_epochs": 3})


def test_every_field_has_a_sentence() -> None:
    bare = [n for n, f in SegmentationModelBase.model_fields.items() if not f.description]
    assert bare == []


def test_weights_of_classes() -> None:
    assert equally_weighted_classes(["a", "b", "c"], 0.02) == pytest.approx([0.02, *[0.98 / 3] * 3])
    with pytest.raises(ValueError, match="no structures"):
        equally_weighted_classes([])
    with pytest.raises(ValueError, match="background weight"):
        equally_weighted_classes(["a"], 1.0)


def test_a_key_without_a_value_keeps_the_models_own(tmp_path: Path) -> None:
    _, model = load_config({"model": "HelloWorld", "num_epochs": None}, basedir=tmp_path)
    assert model.model_dump()["num_epochs"] == HelloWorld().num_epochs


def test_a_config_without_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No model is named"):
        load_config({}, basedir=tmp_path)


def test_wrong_keys_of_the_run_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="overwrite needs yes or no"):
        load_config({"model": "HelloWorld", "overwrite": "maybe"}, basedir=tmp_path)


def test_the_pattern_of_innereyes_base_classes_still_works():
    class Old(HelloWorld):
        def __init__(self, **kwargs):
            super().__init__(should_validate=False, num_epochs=3)
            self.add_and_validate(kwargs)

    assert Old(l_rate=0.5).l_rate == 0.5
    with pytest.raises(ConfigFaultsError, match=r"no field 'l_rat'.*l_rate"):
        Old(l_rat=0.5)


def test_a_constructor_that_fails_is_named_with_its_file():
    class Broken(HelloWorld):
        def __init__(self, must_be_given):
            super().__init__()

    with pytest.raises(
        ConfigError, match=r"Broken\(\) of .*test_model_config.py fails: .*must_be_given"
    ):
        load_model(Broken, {})
