"""An infinite distance: the mask that the model wrote tells whether it missed or made up something."""

import math

import numpy as np
import pandas as pd
import pytest

from card_runs import scores_of
from innereye.io.geometry import Geometry
from innereye.io.image import write_image
from innereye.names import HAUSDORFF, SEGMENTATIONS_COLUMNS, Split
from innereye.reports import model_card_one_sided
from innereye.reports.model_card_one_sided import Side, one_sided
from innereye.reports.model_card_scores import ScoredSplit

SUBJECTS = "1234"


@pytest.fixture
def scored(tmp_path):
    """All distances are infinite; subject 1 has no voxel of `left`, 2 has one, 3 and 4 have no file."""
    for subject in "12":
        mask = np.zeros((2, 3, 4), np.uint8)
        mask[0, 0, 0] = subject == "2"
        write_image(tmp_path / subject / "left.nii.gz", mask, Geometry(mask.shape, (1, 1, 1)))
    rows = [(name, f"{name}/left.nii.gz", "0", "2,3,4", "1,1,1") for name in "123"]
    manifest = tmp_path / "segmentations.csv"
    pd.DataFrame(rows, columns=list(SEGMENTATIONS_COLUMNS)).to_csv(manifest, index=False)
    metrics = scores_of(SUBJECTS).assign(**{HAUSDORFF: [math.inf] * 4 + [1.0] * 4})
    return ScoredSplit(Split.TEST, "", metrics, (manifest,))


def test_an_empty_mask_was_missed_and_a_full_one_made_up(scored):
    assert one_sided(scored) == {
        ("left", Side.TRUTH): ["1"],
        ("left", Side.SEGMENTATION): ["2"],
        ("left", Side.UNKNOWN): ["3", "4"],
    }


def test_more_masks_than_are_read_stay_unknown(scored, monkeypatch):
    monkeypatch.setattr(model_card_one_sided, "MOST_MASKS_READ", 3)
    assert one_sided(scored) == {("left", Side.UNKNOWN): ["1", "2", "3", "4"]}
