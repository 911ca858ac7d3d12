"""Where are the outliers of several runs written? A text and a table for each split."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.metrics.runs.outliers_of_runs import outliers_of_runs, write_outliers_of_runs
from innereye.metrics.runs.outliers_text import outliers_text, write_outliers_text
from innereye.metrics.runs.runs_table import read_runs_table


def write_run_outliers(
    table_csv: Path, *, modes: Sequence[str], outlier_range: float, files: Mapping[str, Path]
) -> None:
    """Write `<mode>_txt` and `<mode>_csv` of each mode: the original's rule, and ours per structure."""
    table = read_runs_table(table_csv)
    for mode in modes:
        text = outliers_text(table, mode, outlier_range=outlier_range)
        write_outliers_text(files[f"{mode}_txt"], text)
        found = outliers_of_runs(table, mode, outlier_range=outlier_range)
        write_outliers_of_runs(files[f"{mode}_csv"], found)
