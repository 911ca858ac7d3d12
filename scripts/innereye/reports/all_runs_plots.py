"""Which pictures compare several runs? All box plots and scatter plots of one table."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.metrics.runs.runs_table import read_runs_table
from innereye.metrics.runs.split_plot_names import split_plot_names
from innereye.names import METRIC_COLUMNS
from innereye.reports.scatterplots import draw_scatterplot
from innereye.reports.split_plots import draw_split_plots


def plot_all_splits(
    table_csv: Path,
    *,
    modes: Sequence[str],
    structures: Sequence[str],
    epoch_json: Path | None = None,
    epoch: int | None = None,
    paths: Sequence[Path],
    dpi: int,
) -> None:
    """Draw the box plots of all metrics and modes; `paths` end in the names of `split_plot_names`.

    The epoch, for the titles, stands in `epoch_json` or is given.
    """
    table = read_runs_table(table_csv)
    epoch = read_reported_epoch(epoch_json)[0] if epoch_json else epoch
    place = {path.name: path for path in paths}
    for metric in METRIC_COLUMNS:
        for mode in modes:
            names = split_plot_names(metric, mode, structures)
            draw_split_plots(
                table,
                metric=metric,
                mode=mode,
                structures=structures,
                paths=[place[name] for name in names],
                epoch=epoch,
                dpi=dpi,
            )


def draw_all_scatterplots(
    table_csv: Path,
    *,
    pairs: Iterable[tuple[str, str]],
    mode: str,
    paths: Sequence[Path],
    dpi: int,
) -> None:
    """Draw the scatter plot of each pair of runs (x, y) into its path, in the same order."""
    table = read_runs_table(table_csv)
    for (x_run, y_run), path in zip(pairs, paths, strict=True):
        draw_scatterplot(table, x_run, y_run, path, mode=mode, dpi=dpi)
