"""The scores of a split are those of both of its tables."""

import pandas as pd

from card_runs import METRICS, scores_of, store_scores
from innereye.names import SURFACE_METRICS_CSV, Split
from innereye.reports.joined_scores import read_scores


def test_surface_metrics_join_the_others_row_by_row(tmp_path):
    scores = scores_of("321")
    store_scores(tmp_path, Split.TEST, scores)
    folder = tmp_path / "epoch_003" / "Test"
    turned = pd.read_csv(folder / SURFACE_METRICS_CSV)[::-1]
    turned.to_csv(folder / SURFACE_METRICS_CSV, index=False)
    pd.testing.assert_frame_equal(read_scores(folder), scores, check_dtype=False)


def test_a_row_without_surface_metrics_stays(tmp_path):
    scores = scores_of("12")
    store_scores(tmp_path, Split.TEST, scores)
    folder = tmp_path / "epoch_003" / "Test"
    pd.read_csv(folder / SURFACE_METRICS_CSV)[1:].to_csv(folder / SURFACE_METRICS_CSV, index=False)
    assert list(read_scores(folder)[METRICS[-1]].isna()) == [True, False, False, False]


def test_without_surface_metrics_the_others_are_all(tmp_path):
    store_scores(tmp_path, Split.TEST, scores_of("12"))
    folder = tmp_path / "epoch_003" / "Test"
    (folder / SURFACE_METRICS_CSV).unlink()
    assert list(read_scores(folder))[2:] == list(METRICS[:3])
