"""Made-up runs with all that a model card is made from: tables and a checkpoint."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.configs.stages.card import CardSettings
from innereye.names import (
    DICE,
    EPOCH_METRICS_CSV,
    HAUSDORFF,
    HAUSDORFF_95,
    MEAN_DISTANCE,
    METRICS_CSV,
    PATIENT,
    SEGMENTATIONS_COLUMNS,
    SEGMENTATIONS_CSV,
    SPLIT_CSV,
    STRUCTURE,
    SURFACE_DICE,
    SURFACE_METRICS_CSV,
    Split,
    epoch_folder,
)
from innereye.reports.model_card import write_model_card

STRUCTURES = ("left", "right")
SETTINGS = CardSettings(image_channels=["ct"], ground_truth_ids=list(STRUCTURES), num_epochs=3)
TRAINED = datetime(2026, 5, 17, 12, tzinfo=UTC)
NAMED = {
    "Model": "Tiny",
    "Data set": "scans",
    "Data set hash": "0123abcd",
    "Code": "train aaa, segment bbb, score ccc",
    "Expected spacing": "",
}
METRICS = (DICE, HAUSDORFF, MEAN_DISTANCE, HAUSDORFF_95, SURFACE_DICE)


def scores_of(subjects: Sequence[str], **columns: Sequence[float]) -> pd.DataFrame:
    """Return scores of both structures: random ones, or those given, first all of `left`."""
    draw = np.random.default_rng(len(subjects))
    pairs = [(subject, structure) for structure in STRUCTURES for subject in subjects]
    table = pd.DataFrame(pairs, columns=[PATIENT, STRUCTURE])
    for metric in METRICS:
        high = 1.0 if metric in (DICE, SURFACE_DICE) else 9.0
        table[metric] = draw.uniform(high / 2, high, len(pairs)).round(3)
    return table.assign(**columns)


def store_scores(
    run: Path, split: Split, scores: pd.DataFrame, spacing: str = "3.0,1.0,1.0"
) -> None:
    """Write the files of a split in the third epoch; no volume is listed but for its spacing."""
    folder = run / epoch_folder(3) / split
    folder.mkdir(parents=True, exist_ok=True)
    keys = [PATIENT, STRUCTURE]
    scores[[*keys, *METRICS[:3]]].to_csv(folder / METRICS_CSV, index=False, float_format="%.3f")
    scores[[*keys, *METRICS[3:]]].to_csv(
        folder / SURFACE_METRICS_CSV, index=False, float_format="%.3f"
    )
    rows = [(name, "none.nii.gz", "0", "2,2,2", spacing) for name in scores[PATIENT].unique()]
    table = pd.DataFrame(rows, columns=list(SEGMENTATIONS_COLUMNS))
    table.to_csv(folder / SEGMENTATIONS_CSV, index=False)


def sheet_of(subjects: Sequence[str], institution: str = "north") -> pd.DataFrame:
    """Return the rows of subjects that have an image and both masks."""
    rows = [(name, part, institution) for name in subjects for part in ("ct", *STRUCTURES)]
    return pd.DataFrame(rows, columns=["subject", "channel", "institutionId"])


def store_run(run: Path, parts: Mapping[Split, pd.DataFrame], *, epochs: int = 3) -> Path:
    """Write the tables of the splits, the course of the training and its checkpoint."""
    for split in Split:
        run.mkdir(parents=True, exist_ok=True)
        parts.get(split, sheet_of([])).to_csv(run / SPLIT_CSV[split], index=False)
    for split in (Split.TRAIN, Split.VAL):
        table = pd.DataFrame({"epoch": range(epochs), "loss": np.linspace(1, 0.25, epochs)})
        table["Dice/AverageAcrossStructures"] = np.linspace(0.125, 0.75, epochs)
        (run / split).mkdir()
        table.to_csv(run / split / EPOCH_METRICS_CSV, index=False)
    checkpoint = run / "checkpoints" / "epoch_003.ckpt"
    checkpoint.parent.mkdir()
    checkpoint.touch()
    os.utime(checkpoint, (TRAINED.timestamp(), TRAINED.timestamp()))
    return run


def single_card(run: Path, splits: Sequence[Split], settings: CardSettings = SETTINGS) -> str:
    """Return the card of a single model that has scores on some splits."""
    card = run / "final_model" / "model_card.md"
    write_model_card(
        card,
        run_folder=run,
        scored={split: [run] for split in splits},
        members=[run],
        epochs=[3],
        settings=settings,
        named=NAMED,
        epoch_json=None,
    )
    return card.read_text(encoding="utf-8")
