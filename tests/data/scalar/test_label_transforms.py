"""Labels are scaled into [0, 1] and subtracted; one label is left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.scalar.label_transforms import (
    Scaling,
    difference,
    get_scaling_transform,
    identity,
    transform_labels,
    transforms_of,
)
from innereye.names import LabelTransform


def labels(*numbers):
    return [np.array([number], np.float32) for number in numbers]


def test_identity_takes_exactly_one():
    assert identity(labels(3)) == 3
    for wrong in ((), (1, 2)):
        with pytest.raises(ValueError, match=f"has {len(wrong)} labels"):
            identity(labels(*wrong))


def test_the_difference_is_the_second_minus_the_first():
    assert difference(labels(3, 10)) == 7
    for wrong in ((), (1,), (1, 2, 3)):
        with pytest.raises(ValueError, match=f"has {len(wrong)} labels"):
            difference(labels(*wrong))


@given(
    low=st.integers(-1000, 999),
    width=st.integers(1, 1000),
    share=st.floats(0, 1, width=16),
)
def test_scaling_brings_the_range_to_0_and_1(low, width, share):
    scaling = Scaling(low, low + width)
    assert [label.item() for label in scaling(labels(low, low + width))] == [0, 1]
    assert scaling(labels(low + share * width))[0] == pytest.approx(share, abs=1e-3)


def test_the_original_divides_by_the_maximum():
    assert Scaling(20, 100, by_maximum=True)(labels(60))[0] == pytest.approx(0.4)
    assert Scaling(20, 100)(labels(60))[0] == pytest.approx(0.5)


def test_the_original_name_ends_a_pipeline_or_does_not():
    assert get_scaling_transform()(labels(50)) == 0.5
    first = get_scaling_transform(max_value=10, last_in_pipeline=False)
    assert transform_labels(labels(5, 10), [first, difference]) == 0.5


def test_transforms_run_in_the_order_of_the_field():
    names = [LabelTransform.SCALING, LabelTransform.DIFFERENCE]
    assert transform_labels(labels(40, 70), transforms_of(names, (20, 120))) == pytest.approx(0.3)
    assert transform_labels(labels(4), transforms_of([LabelTransform.IDENTITY], (0, 1))) == 4


def test_without_transforms_one_label_is_allowed():
    assert transform_labels(labels(4), ()) == 4
    with pytest.raises(ValueError, match="has 2 labels"):
        transform_labels(labels(4, 5), ())
