"""Are fields of inference and post-processing read in all forms, and refused where they contradict?"""

import pytest

from innereye.configs.fields.inference import (
    LargestComponent,
    SliceExclusionRule,
    SummedProbabilityRule,
    default_stride,
)
from innereye.configs.load import load_model
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.stages.segment import SegmentSettings
from innereye.names import Axis, InferenceBlending

COMPONENTS = "largest_connected_component_foreground_classes"
SLICES = "slice_exclusion_rules"
SUMS = "summed_probability_rules"


def faults_of(**overrides):
    with pytest.raises(ConfigFaultsError) as error:
        load_model(HelloWorld, overrides)
    return error.value.faults


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ("region", [("region", None)]),
        ("region, region_1", [("region", None), ("region_1", None)]),
        (["region", ("region_1", 0.1)], [("region", None), ("region_1", 0.1)]),
        ('["region", ["region_1", 0.1]]', [("region", None), ("region_1", 0.1)]),
        ("[[region, 0.5], region_1]", [("region", 0.5), ("region_1", None)]),
        (["[region", "0.2]", "region_1"], [("region", 0.2), ("region_1", None)]),
        ("None", None),
    ],
)
def test_largest_components_are_names_or_names_with_thresholds(came, meant):
    model = load_model(HelloWorld, {COMPONENTS: came})
    found = model.largest_connected_component_foreground_classes
    assert found == (meant and [LargestComponent(*each) for each in meant])


@pytest.mark.parametrize("no", ["off", "F", "False", "0", False])
def test_rules_come_from_python_and_from_the_command_line(no):
    rules = {SLICES: [("region", "region_1", no)], SUMS: "[[region, region_1, region_2]]"}
    model = load_model(HelloWorld, {"ground_truth_ids": "region,region_1,region_2", **rules})
    assert model.slice_exclusion_rules == [SliceExclusionRule("region", "region_1", False)]
    assert model.summed_probability_rules == [
        SummedProbabilityRule("region", "region_1", "region_2")
    ]
    assert SegmentSettings(**model.settings(SegmentSettings)).slice_exclusion_rules == (
        model.slice_exclusion_rules
    )


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({COMPONENTS: "liver"}, f"{COMPONENTS} names 'liver', which is not one of"),
        ({COMPONENTS: "[[region, 0.6]]"}, "threshold above 0 and up to 0.5"),
        ({COMPONENTS: "[[region, 0]]"}, "threshold above 0 and up to 0.5"),
        ({COMPONENTS: "region,region"}, f"{COMPONENTS} names 'region' twice"),
        ({SLICES: [("region", "liver", True)]}, f"{SLICES} names 'liver'"),
        ({SLICES: [("region", "region_1", "perhaps")]}, "whether the higher dominates"),
        ({SLICES: "region,region_1"}, "rules of two structures"),
        ({SLICES: [("region", "region", True)]}, "names a structure twice"),
        ({SUMS: [("region", "region_1", "liver")]}, f"{SUMS} names 'liver'"),
        ({SUMS: [("region", "region_1")]}, "rules of three structures"),
        ({"posterior_smoothing_mm": "1,2"}, "three numbers of at least 0"),
        ({"posterior_smoothing_mm": "1,2,-1"}, "three numbers of at least 0"),
        ({"inference_mirror_axes": "x,z,x"}, "must name each axis once; got x,z,x"),
        ({"inference_mirror_axes": "z"}, "has z, along which training mirrors no crop"),
        ({"inference_mirror_axes": "w"}, "axes out of z, y and x"),
        ({"inference_blending": "mean"}, "one of 'Crop', 'Gaussian'"),
        ({"inference_stride_size": "0,8,8"}, "three whole numbers of at least 1"),
        ({"inference_stride_size": "8,-1,8"}, "three whole numbers of at least 1"),
    ],
)
def test_what_cannot_be_is_refused(overrides, words):
    assert any(words in fault for fault in faults_of(**overrides))


@pytest.mark.parametrize("field", [SLICES, SUMS])
def test_rules_that_are_switched_off_may_name_anything(field):
    rule = ("region", "liver", True) if field == SLICES else ("region", "liver", "spleen")
    load_model(HelloWorld, {field: [rule], "disable_extra_postprocessing": True})


def test_all_faults_come_at_once():
    overrides = {SLICES: [("a", "b", True)], SUMS: [("c", "d", "e")], COMPONENTS: "f"}
    named = " ".join(faults_of(**overrides))
    assert all(f"'{name}'" in named for name in "abcdef")


def test_windows_that_blend_overlap_by_half():
    for blending, stride in ((InferenceBlending.CROP, 48), (InferenceBlending.GAUSSIAN, 24)):
        model = load_model(
            HelloWorld, {"inference_blending": blending.value, "inference_stride_size": "None"}
        )
        assert model.inference_stride_size == (stride,) * 3
    assert default_stride((1, 5, 6), InferenceBlending.GAUSSIAN) == (1, 3, 3)


def test_axes_are_letters_in_any_case():
    model = load_model(HelloWorld, {"inference_mirror_axes": "Z, x", "random_flip_axes": "x,z"})
    assert model.inference_mirror_axes == [Axis.Z, Axis.X]
