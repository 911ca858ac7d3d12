"""The pipeline learns what can be learnt, and nothing where nothing can be."""

from pathlib import Path

import pandas as pd
import pytest

from innereye.data.phantoms import make_phantoms
from projects import Project

EPOCHS = 10


def mean_dice(folder: Path, *, shuffle_labels: bool) -> float:
    """Train HelloWorld for a few epochs on phantoms and return its mean Dice on Test."""
    project = Project(folder)
    project.set_up()
    make_phantoms(folder / "data", subjects=15, seed=3, shuffle_labels=shuffle_labels)
    metrics = f"outputs/epoch_{EPOCHS:03d}/Test/metrics.csv"
    config = {"model": "HelloWorld", "local_dataset": "data", "num_epochs": EPOCHS}
    project.succeed("--cores", "2", metrics, **config, max_num_gpus=0)
    return float(pd.read_csv(project.path(metrics))["Dice"].mean())


@pytest.mark.slow
@pytest.mark.parametrize(("shuffle_labels", "low", "high"), [(False, 0.7, 1.0), (True, 0.0, 0.35)])
def test_the_model_has_learnt_what_the_labels_say(
    tmp_path: Path, shuffle_labels: bool, low: float, high: float
) -> None:
    assert low <= mean_dice(tmp_path, shuffle_labels=shuffle_labels) <= high
