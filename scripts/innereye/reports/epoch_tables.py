"""What became of loss and Dice in each epoch of a training? The tables that it wrote."""

from pathlib import Path

import pandas as pd

from innereye.io.files import read_table
from innereye.names import DICE, EPOCH_METRICS_CSV, Split

AVERAGE = f"{DICE}/AverageAcrossStructures"
LOSS = "loss"
LEARNING_RATE = "learning_rate"
EPOCH = "epoch"


def read_epoch_metrics(run_folder: Path) -> dict[Split, pd.DataFrame]:
    """Return the tables of Train and Val; none for an ensemble, which was not trained itself."""
    tables: dict[Split, pd.DataFrame] = {}
    for split in (Split.TRAIN, Split.VAL):
        path = run_folder / split / EPOCH_METRICS_CSV
        if path.is_file():
            columns = read_table(path).items()
            tables[split] = pd.DataFrame(
                {name: pd.to_numeric(text, errors="coerce") for name, text in columns}
            )
    return {split: table for split, table in tables.items() if EPOCH in table}
