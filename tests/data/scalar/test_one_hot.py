"""Categories become one input each, whatever the order of the rows."""

import json

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.scalar.one_hot import OneHotEncoder

CELLS = st.lists(st.sampled_from(["a", "b", "c", "Ä", "10", "9", "", "NaN"]), min_size=1)


def fit(cells):
    return OneHotEncoder.fit(pd.DataFrame({"sex": cells}, dtype=object), ["sex"])


@given(CELLS, st.randoms())
def test_the_order_of_rows_does_not_matter(cells, random):
    shuffled = list(cells)
    random.shuffle(shuffled)
    assert fit(shuffled) == fit(cells)


@given(CELLS)
def test_each_known_category_has_one_input_of_its_own(cells):
    encoder = fit(cells)
    known = encoder.categories["sex"]
    codes = np.array([encoder.encode("sex", category) for category in known])
    np.testing.assert_array_equal(codes.reshape(len(known), len(known)), np.eye(len(known)))
    assert list(known) == sorted(known)


@given(CELLS)
def test_an_encoder_survives_json(cells):
    encoder = fit(cells)
    assert OneHotEncoder.from_plain(json.loads(json.dumps(encoder.to_plain()))) == encoder


def test_unknown_and_empty_categories_are_nan_in_all_places():
    encoder = fit(["female", "male", ""])
    assert encoder.categories["sex"] == ("female", "male")
    for category in ("", "other", "Male"):
        assert np.isnan(encoder.encode("sex", category)).tolist() == [True, True]
