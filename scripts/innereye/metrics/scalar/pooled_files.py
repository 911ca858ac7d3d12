"""Which files do the outputs of a split, and of all folds, become?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.metrics.scalar.aggregates import scalar_aggregates, write_scalar_aggregates
from innereye.metrics.scalar.pooled_runs import all_runs_table, pool_folds, write_all_runs
from innereye.metrics.scalar.result_files import read_results
from innereye.names import METRICS_CSV, epoch_folder


def aggregate_outputs(
    metrics: Path, aggregates: Path, *, is_classification: bool, targets: Sequence[str]
) -> None:
    """Write the metrics of a split by target; without subjects the header alone."""
    table = scalar_aggregates(
        read_results(metrics), is_classification=is_classification, targets=targets
    )
    write_scalar_aggregates(aggregates, table)


def pool_runs(
    runs: Sequence[Path],
    *,
    epoch: int,
    splits: Sequence[str],
    files: Mapping[str, Path],
    is_classification: bool,
    targets: Sequence[str],
) -> None:
    """Write the rows of all folds in an epoch, counted from 1, and their metrics.

    `files`: where to write `table`, rows of Val and Test, and `aggregates`: each metric is computed
    once on the rows of all folds, which is not the mean over folds.
    """
    places = {
        split: [run / epoch_folder(epoch) / split / METRICS_CSV for run in runs] for split in splits
    }
    pooled = pool_folds(places, number_of_folds=len(runs))
    write_all_runs(files["table"], all_runs_table(pooled))
    aggregates = scalar_aggregates(pooled, is_classification=is_classification, targets=targets)
    write_scalar_aggregates(files["aggregates"], aggregates)
