"""Names of runs: short, distinct, and without what every run has."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import InnerEyeError
from innereye.metrics.runs.run_names import unique_names


@pytest.mark.parametrize(
    ("places", "names"),
    [
        (["/w/lung/outputs"], ["lung"]),
        (["/w/lung/outputs/epoch_002/Test/metrics.csv"], ["lung"]),
        (["/w/run_17/outputs/best_validation_epoch/Test"], ["run_17"]),
        (["/n/fold_0/validation/summary.json"], ["fold_0"]),
        (["/w/outputs/CrossValResults/ENSEMBLE"], ["ENSEMBLE"]),
        (["/outputs"], ["outputs"]),
        (["/w/lung/outputs", "/w/heart/outputs"], ["lung", "heart"]),
        (["/w/lung/a", "/w/heart/a", "/w/heart/b"], ["lung:a", "heart:a", "b"]),
        (
            ["/w/lung/outputs/CrossValResults/0", "/w/heart/outputs/CrossValResults/0"],
            ["lung:0", "heart:0"],
        ),
        (["/w/a/outputs/epoch_001", "/w/a/outputs/epoch_002"], ["epoch_001", "epoch_002"]),
        (["/w/a/outputs", "/w/a/best_validation_epoch"], ["outputs", "best_validation_epoch"]),
    ],
)
def test_names(places, names):
    assert unique_names([Path(place) for place in places]) == names


def test_a_relative_place_has_the_name_of_its_folder(tmp_path, monkeypatch):
    (tmp_path / "lung" / "outputs").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "lung" / "outputs")
    assert unique_names([Path()]) == ["lung"]


def test_a_place_given_twice_is_refused():
    with pytest.raises(InnerEyeError, match=r"w.a is given twice"):
        unique_names([Path("/w/a"), Path("/w/b"), Path("/w/b/../a")])


words = st.sampled_from(["a", "b", "outputs", "epoch_001", "Test", "CrossValResults", "0"])
places = st.lists(words, min_size=1, max_size=4).map(lambda parts: Path("/", *parts))


@given(st.lists(places, unique=True))
def test_distinct_places_have_distinct_names(chosen):
    names = unique_names(chosen)
    assert len(set(names)) == len(names) == len(chosen)
    assert not any("/" in name or not name for name in names)
