"""Which subjects are listed, and of which are there pictures?"""

import pandas as pd
from tests.scalar_runs import classification, scalar_run, store_results

from innereye.names import Split
from innereye.reports.scalar_extremes import (
    LARGEST,
    PICTURES_SHOWN,
    SMALLEST,
    largest_and_smallest_errors,
    subjects_with_pictures,
)


def rows(errors):
    names = [f"s{number}" for number in range(len(errors))]
    return pd.DataFrame({"subject": names, "label": 10.0, "model_output": [10 + e for e in errors]})


def test_errors_count_without_their_sign():
    found = largest_and_smallest_errors(rows([1.0, -8.0, 3.0, 0.5, 0.0]), number=2)
    assert list(found[LARGEST]["subject"]) == ["s1", "s2"]
    assert list(found[SMALLEST]["subject"]) == ["s4", "s3"]


def test_of_few_subjects_none_is_in_both_lists():
    found = largest_and_smallest_errors(rows([1.0, 2.0, float("nan"), 3.0]), number=9)
    assert list(found[LARGEST]["subject"]) == ["s3", "s1"]
    assert list(found[SMALLEST]["subject"]) == ["s0"]


def test_pictures_are_those_of_the_first_of_each_list(tmp_path):
    results = {Split.VAL: classification(90, seed=1), Split.TEST: classification(90, seed=2)}
    run = scalar_run(store_results(tmp_path, results), number_shown=20)
    chosen = subjects_with_pictures(run, "Test")
    assert len(chosen) == len(set(chosen)) == 4 * PICTURES_SHOWN
    table = run.rows("Test", "Default")
    surest = table[table["label"] == 1].nlargest(1, "model_output")
    assert surest["subject"].iloc[0] in chosen
