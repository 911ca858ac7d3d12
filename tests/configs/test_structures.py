"""Names, colours and holes of structures: one for each, or as nobody stated them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.configs.colours import drawn_colours
from innereye.configs.fields.structures import RoiInterpretedType
from innereye.configs.load import load_model
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.configs.stages.segment import SegmentSettings

PER_STRUCTURE = ("ground_truth_ids_display_names", "colours", "fill_holes", "roi_interpreted_types")


def loaded(**overrides: object) -> SegmentationModelBase:
    model = load_model(HelloWorld, overrides)
    assert isinstance(model, SegmentationModelBase)
    return model


def fault_of(**overrides: object) -> str:
    with pytest.raises(ConfigFaultsError) as error:
        loaded(**overrides)
    assert len(error.value.faults) == 1
    return error.value.faults[0]


def test_what_nobody_states_has_a_default_for_each_structure() -> None:
    model = loaded(ground_truth_ids="a,b,c")
    assert model.ground_truth_ids_display_names == ["a", "b", "c"]
    assert model.colours == drawn_colours(3)
    assert model.fill_holes == [False] * 3
    assert model.roi_interpreted_types == [RoiInterpretedType.ORGAN] * 3
    assert (model.interpreter, model.manufacturer) == (
        "Default_Interpreter",
        "Default_Manufacturer",
    )


@pytest.mark.parametrize("field", PER_STRUCTURE)
def test_a_stated_none_is_the_default_too(field: str) -> None:
    assert getattr(loaded(**{field: "None"}), field) == getattr(loaded(), field)


# As Python, as text, and as Snakemake hands over what stands in brackets or between commas.
@pytest.mark.parametrize(
    "colours",
    [
        [(255, 0, 0), (1, 2, 3)],
        "[[255, 0, 0], [1, 2, 3]]",
        "(255,0,0),(1,2,3)",
        [["255", "0", "0"], ["1", "2", "3"]],
    ],
)
def test_colours_in_every_spelling(colours: object) -> None:
    assert loaded(colours=colours).colours == [(255, 0, 0), (1, 2, 3)]


@pytest.mark.parametrize("answers", ["yes,no", ["T", "off"], [True, False], "[on, 0]"])
def test_holes_in_every_spelling(answers: object) -> None:
    assert loaded(fill_holes=answers).fill_holes == [True, False]


def test_one_structure_needs_no_list() -> None:
    assert loaded(ground_truth_ids="region", fill_holes=True).fill_holes == [True]


def test_interpreted_types_are_read_in_any_case() -> None:
    found = loaded(roi_interpreted_types="ctv,None").roi_interpreted_types
    assert found == [RoiInterpretedType.CTV, RoiInterpretedType.NONE]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ground_truth_ids_display_names", "a"),
        ("colours", [(1, 2, 3)] * 3),
        ("fill_holes", "True"),
        ("roi_interpreted_types", "ORGAN"),
    ],
)
def test_each_structure_needs_its_own(field: str, value: object) -> None:
    assert fault_of(**{field: value}).startswith(f"{field} needs 2 items, one for each of")


@given(
    place=st.tuples(st.integers(0, 1), st.integers(0, 2)),
    shade=st.one_of(st.integers(max_value=-1), st.integers(min_value=256), st.floats(0.1, 0.9)),
)
def test_a_shade_lies_between_0_and_255(place: tuple[int, int], shade: float) -> None:
    colours = [[0, 0, 0], [255, 255, 255]]
    colours[place[0]][place[1]] = shade  # type: ignore[assignment]
    faults = HelloWorld.override_faults({"colours": colours})
    assert len(faults) == 1
    assert faults[0].startswith("HelloWorld.colours needs red, green and blue")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("roi_interpreted_types", "ORGAN,BONE", "None, CTV, ORGAN, EXTERNAL"),
        ("fill_holes", "yes,maybe", "a yes or no for each structure"),
        ("colours", "red,blue", "red, green and blue"),
    ],
)
def test_a_wrong_item_is_refused(field: str, value: str, words: str) -> None:
    assert words in fault_of(**{field: value})


@given(count=st.integers(0, 40), more=st.integers(0, 5), seed=st.integers(0, 9))
def test_more_structures_change_no_colour_of_the_others(count: int, more: int, seed: int) -> None:
    colours = drawn_colours(count + more, seed=seed)
    assert colours[:count] == drawn_colours(count, seed=seed)
    assert all(0 <= shade <= 255 for colour in colours for shade in colour)


@pytest.mark.parametrize(
    ("is_same", "overrides"),
    [(True, {"colours": [(1, 2, 3)] * 2, "interpreter": "x"}), (False, {"fill_holes": "1,1"})],
)
def test_looks_change_no_segmentation_and_holes_do(is_same: bool, overrides: dict) -> None:
    settings: Callable[[SegmentationModelBase], dict] = lambda m: m.settings(SegmentSettings)  # noqa: E731
    assert (settings(loaded()) == settings(loaded(**overrides))) is is_same
