"""How long do statistics and plots of a large cross-validation take, from its metrics alone?

Run `python tests/benchmarks/bench_statistics.py` from the top folder. 20 structures of 500 subjects by
6 runs, five folds and the ensemble, at random: all texts, tables and pictures of CrossValResults.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

NUM_STRUCTURES = 20
NUM_SUBJECTS = 500
FOLDS = ("0", "1", "2", "3", "4")
NUM_INSTITUTIONS = 4
PLOT_DPI = 150
LIMIT_STATISTICS, LIMIT_PLOTS = 10.0, 30.0


def make_table() -> pd.DataFrame:
    """Return the runs table: each fold validates its fifth, all runs test all subjects."""
    from innereye.names import ENSEMBLE, Split

    draw = np.random.default_rng(0)
    structures = [f"organ_{number // 2}_{'lr'[number % 2]}" for number in range(NUM_STRUCTURES)]
    everyone = list(range(NUM_SUBJECTS))
    parts = [
        *((Split.VAL, run, everyone[fold :: len(FOLDS)]) for fold, run in enumerate(FOLDS)),
        *((Split.TEST, run, everyone) for run in (*FOLDS, ENSEMBLE)),
    ]
    rows = [
        (str(subject), name, mode, f"series{subject}", f"i{subject % NUM_INSTITUTIONS}", run, mode)
        for mode, run, subjects in parts
        for subject in subjects
        for name in structures
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "Patient",
            "Structure",
            "data_split",
            "seriesId",
            "institutionId",
            "split",
            "mode",
        ],
    )
    missed = draw.random(len(rows)) < 0.002
    table.insert(2, "Dice", np.where(missed, 0.0, 100 * draw.beta(18, 2, len(rows))).round(1))
    distances = np.where(missed, np.inf, draw.lognormal(1.7, 0.6, len(rows)).round(3))
    table.insert(3, "HausdorffDistance_mm", distances)
    table.insert(4, "MeanDistance_mm", (distances / 5).round(3))
    return table


def statistics_of(csv: Path) -> dict[str, Callable[[], object]]:
    """Return the steps that give texts and tables."""
    from innereye.metrics.runs.outliers_of_runs import outliers_of_runs
    from innereye.metrics.runs.outliers_text import outliers_text
    from innereye.metrics.runs.runs_table import read_runs_table
    from innereye.metrics.statistics.group_tests import group_tests
    from innereye.metrics.statistics.mann_whitney_text import mann_whitney_lines
    from innereye.metrics.statistics.paired_tests import paired_tests
    from innereye.metrics.statistics.wilcoxon_text import wilcoxon_lines

    table = read_runs_table(csv)
    modes = ("Val", "Test")
    return {
        "read the table": lambda: read_runs_table(csv),
        "Wilcoxon, text": lambda: wilcoxon_lines(table),
        "paired tests": lambda: paired_tests(table),
        "Mann-Whitney, text": lambda: mann_whitney_lines(table),
        "tests of institutions": lambda: group_tests(table),
        "outliers, texts": lambda: [outliers_text(table, mode) for mode in modes],
        "outliers, tables": lambda: [outliers_of_runs(table, mode) for mode in modes],
    }


def plots_of(table: pd.DataFrame, folder: Path) -> dict[str, Callable[[], object]]:
    """Return the steps that draw: box plots of each metric and mode, and the scatter plots."""
    from innereye.metrics.runs.run_pairs import drawn_pairs, scatterplot_png
    from innereye.metrics.runs.split_plot_names import split_plot_names
    from innereye.names import METRIC_COLUMNS
    from innereye.reports.scatterplots import draw_scatterplot
    from innereye.reports.split_plots import draw_split_plots

    structures = sorted(set(table["Structure"]))

    def boxes(metric: str) -> None:
        for mode in ("Val", "Test"):
            names = split_plot_names(metric, mode, structures)
            draw_split_plots(
                table,
                metric=metric,
                mode=mode,
                structures=structures,
                paths=[folder / name for name in names],
                epoch=120,
                dpi=PLOT_DPI,
            )

    def scatter() -> None:
        for x_run, y_run in drawn_pairs(sorted(set(table["split"]))):
            path = folder / scatterplot_png(x_run, y_run)
            draw_scatterplot(table, x_run, y_run, path, dpi=PLOT_DPI)

    steps = {f"box plots, {metric}": (lambda m=metric: boxes(m)) for metric in METRIC_COLUMNS}
    return {**steps, "scatter plots": scatter}


def measure(
    title: str, prepare: Callable[[], dict[str, Callable[[], object]]], limit: float
) -> None:
    """Print the seconds of each step and of all, the imports among them."""
    print(f"\n{title:<34}{'wall s':>8}{'CPU s':>8}")
    start = now()
    steps = prepare()
    print_line("imports and set-up", start)
    for name, step in steps.items():
        before = now()
        step()
        print_line(name, before)
    seconds = print_line("together", start)
    print(f"goal: under {limit:.0f} s, {'ok' if seconds < limit else 'MISSED'}")


def now() -> tuple[float, float]:
    """Return the wall clock and the CPU clock, which other programs do not slow down."""
    return time.perf_counter(), time.process_time()


def print_line(name: str, since: tuple[float, float]) -> float:
    """Print the seconds since both clocks were read, and return those of the wall."""
    wall, cpu = (after - before for after, before in zip(now(), since, strict=True))
    print(f"{name:<34}{wall:>8.2f}{cpu:>8.2f}", flush=True)
    return wall


def main() -> None:
    """Print the seconds of every step."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    from innereye.metrics.runs.runs_table import write_runs_table

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        csv = folder / "MetricsAcrossAllRuns.csv"
        table = make_table()
        write_runs_table(csv, table)
        print(
            f"{NUM_STRUCTURES} structures x {NUM_SUBJECTS} subjects x {len(FOLDS) + 1} runs", end=""
        )
        print(f": {len(table)} rows")
        measure("statistics", lambda: statistics_of(csv), LIMIT_STATISTICS)
        measure("plots", lambda: plots_of(table, folder), LIMIT_PLOTS)
        pictures = len(list(folder.glob("*.png")))
    print(f"\n{pictures} pictures; torch was {'' if 'torch' in sys.modules else 'not '}imported")


if __name__ == "__main__":
    main()
