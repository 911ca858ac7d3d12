"""Names are as DICOM allows them, holes belong to what encloses them, absent structures are left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.io.dicom_labels import (
    DicomStructure,
    plain_text,
    present_structures,
    with_filled_holes,
)

RED = (255, 0, 0)


def labelled(labels, names, fill=()):
    structures = [
        DicomStructure(name, RED, fill_holes=number in fill)
        for number, name in enumerate(names, start=1)
    ]
    return present_structures(np.asarray(labels, np.uint8), structures)


@given(st.text(max_size=100))
def test_a_text_is_one_value_of_at_most_64_characters(text):
    plain = plain_text(text)
    assert len(plain) <= 64
    assert "\\" not in plain
    assert plain == "" or plain.isprintable()


@pytest.mark.parametrize("name", ["Femur_R", "größe", "前立腺", "x" * 64])
def test_a_name_that_is_allowed_stays(name):
    assert [each.name for each in labelled([1], [name])] == [name]


def test_names_that_are_too_long_still_differ(caplog):
    caplog.set_level("INFO")
    names = ["n" * 70 + end for end in "abc"]
    found = [each.name for each in labelled([1, 2, 3], names)]
    assert len(set(found)) == 3
    assert max(map(len, found)) <= 64
    assert f"'{names[1]}' is called '{found[1]}'" in caplog.text


def test_absent_structures_are_left_out_and_labels_stay():
    assert [(each.label, each.name) for each in labelled([0, 3, 3], "abc")] == [(3, "c")]


def test_no_type_is_written_as_nothing():
    structure = DicomStructure("a", RED, roi_interpreted_type="None")
    (found,) = present_structures(np.ones(1, np.uint8), [structure])
    assert found.interpreted_type == ""


def ring_in_a_ring():
    """Label 1 around label 2, each with a hole; and a gap to the outside in another slice."""
    plane = np.ones((9, 9), np.uint8)
    plane[1:8, 1:8], plane[2:7, 2:7], plane[4, 4] = 0, 2, 0
    opened = plane.copy()
    opened[0, 5] = 0
    return np.stack([plane, opened])


def test_holes_of_chosen_structures_are_filled():
    labels = ring_in_a_ring()
    filled = with_filled_holes(labels, labelled(labels, "ab", fill={1, 2}))
    assert (filled[:, 4, 4] == 2).all()
    assert (filled[:, 2:7, 2:7] == 2).all()
    assert (filled[0, 1, 1:8] == 1).all()
    assert (filled[1, 1, 1:8] == 0).all()  # open to the outside: no hole


def test_holes_of_others_stay_and_the_input_is_not_changed():
    labels = ring_in_a_ring()
    before = labels.copy()
    assert np.array_equal(with_filled_holes(labels, labelled(labels, "ab")), before)
    filled = with_filled_holes(labels, labelled(labels, "ab", fill={2}))
    assert np.array_equal(labels, before)
    assert (filled != before).sum() == 2
