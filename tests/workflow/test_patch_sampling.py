"""The pictures of drawn crops in a whole run."""

import pandas as pd
import pytest

from projects import Project

RULE = "show_patch_sampling"
INDEX = "outputs/patch_sampling/patch_sampling.csv"


def test_a_run_shows_the_crops_of_its_first_training_subject(finished: Project) -> None:
    files = pd.read_csv(finished.path(INDEX), dtype=str)
    assert list(files["subject"].unique()) == ["1"]
    assert all(finished.path(INDEX).with_name(name).is_file() for name in files["file"])


@pytest.mark.parametrize(
    ("config", "is_drawn"),
    [
        ({"show_patch_sampling": 2}, True),
        ({"class_weights": "0.2,0.4,0.4"}, True),
        ({"show_patch_sampling": 0}, False),
    ],
)
def test_what_decides_where_crops_lie_draws_again(
    finished: Project, config: dict[str, object], is_drawn: bool
) -> None:
    assert (RULE in finished.jobs(**config)) == is_drawn
