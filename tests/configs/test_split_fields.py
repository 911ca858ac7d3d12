"""Fields of splits and spacings: every way to write them, and what contradicts itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.configs.load import load_model
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.restriction import read_limits, read_pattern
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.stages.check import CheckSettings
from innereye.configs.stages.train import TrainSettings


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (20, "20"),
        ("20", "20"),
        ("20,,3", "20,,3"),
        ([20, None, 3], "20,,3"),
        (["20", "", "3"], "20,,3"),
        ("[20,,3]", "20,,3"),
        ("0, 2, +", "0,2,+"),
        (",,", ",,"),
        ("None", None),
        ("", None),
    ],
)
def test_restrictions_can_be_written_in_many_ways(value, expected):
    assert load_model(HelloWorld, {"restrict_subjects": value}).restrict_subjects == expected


@pytest.mark.parametrize(
    "value", [-1, "-1,,", 2.5, True, "+", ",,+", "1,2", "1,2,3,4", "0,+,+", "a", [1, 2], "²"]
)
def test_other_restrictions_are_refused(value):
    with pytest.raises(
        ConfigFaultsError, match="restrict_subjects needs one whole number from 0 on"
    ):
        load_model(HelloWorld, {"restrict_subjects": value})


@given(st.lists(st.one_of(st.none(), st.integers(0, 99)), min_size=3, max_size=3))
def test_limits_come_back_as_they_were_written(limits):
    assert read_limits(read_pattern(limits)) == limits


LISTS = {"train_subjects": "1,2", "val_subjects": "3"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"train_subjects": "1,2"}, "val_subjects is empty"),
        ({"test_subjects": "1,2"}, "train_subjects is empty"),
        ({**LISTS, "test_subjects": "4,2,2,1"}, "train_subjects and test_subjects share 1, 2."),
        ({**LISTS, "split_by_institution": True}, "leave one of the two out"),
        ({"exclude_institutions": "a"}, "with split_by_institution=True only"),
        ({"split_by_institution": True, "split_by_hash": True}, "leave one of the two out"),
        ({"split_by_institution": True, "group_column": "p"}, "keeps no groups together"),
        (
            {
                "split_by_institution": True,
                "exclude_institutions": "a,b",
                "institutions_for_test_only": "b,c",
            },
            "share b.",
        ),
        (
            {"resample_spacing_zyx_mm": "1,0,1"},
            "resample_spacing_zyx_mm needs three numbers above 0",
        ),
        ({"resample_spacing_zyx_mm": 1}, "in the order z,y,x"),
        ({"dataset_expected_spacing_xyz": "1,1"}, "in the order x,y,z"),
    ],
)
def test_fields_that_contradict_each_other(fields, words):
    with pytest.raises(ConfigFaultsError) as error:
        load_model(HelloWorld, fields)
    assert any(words in fault for fault in error.value.faults)


@pytest.mark.parametrize(
    "fields",
    [
        LISTS,
        {**LISTS, "test_subjects": "4", "split_by_hash": True, "group_column": "patient"},
        {"split_by_institution": True, "exclude_institutions": "a"},
        {"resample_spacing_zyx_mm": "1.5,1,1"},
        {"dataset_expected_spacing_xyz": (1, 1, 3)},
    ],
)
def test_near_misses_are_accepted(fields):
    load_model(HelloWorld, fields)


def test_a_new_spacing_trains_anew_and_an_expected_one_only_checks_again():
    expecting = load_model(HelloWorld, {"dataset_expected_spacing_xyz": "1,1,3"})
    assert expecting.settings(TrainSettings) == load_model(HelloWorld, {}).settings(TrainSettings)
    assert CheckSettings(**expecting.machine()).dataset_expected_spacing_xyz == (1, 1, 3)
    resampled = load_model(HelloWorld, {"resample_spacing_zyx_mm": "2,1,1"})
    assert resampled.settings(TrainSettings)["resample_spacing_zyx_mm"] == [2, 1, 1]


def test_resampled_images_may_have_any_spacing():
    spacings = {"dataset_expected_spacing_xyz": "1,1,3", "resample_spacing_zyx_mm": "2,1,1"}
    assert load_model(HelloWorld, spacings).dataset_expected_spacing_xyz is None
