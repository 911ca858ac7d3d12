"""Put the outputs of all folds into one table, and compute their metrics together."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.metrics.scalar.pooled_files import pool_runs

with job_log(snakemake.log[0]):
    epoch, _ = read_reported_epoch(Path(snakemake.input.epoch))
    pool_runs(
        [Path(run) for run in snakemake.params.folds],
        epoch=epoch,
        splits=snakemake.params.splits,
        files={name: Path(path) for name, path in snakemake.output.items()},
        is_classification=snakemake.params.is_classification,
        targets=snakemake.params.targets,
    )
