"""Write which fold has the highest mean Dice on its validation subjects."""

from pathlib import Path

import pandas as pd

rows = pd.read_csv(snakemake.input.table, dtype={"split": str})
means = rows[rows["mode"] == "Val"].groupby("split")["Dice"].mean()
Path(snakemake.output.best).write_text(f"Fold {means.idxmax()}: {means.max():.1f} %\n")
