"""Collect the scores of all folds and of the ensemble."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.collection import collect, crossval_runs
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch

with job_log(snakemake.log[0]):
    epoch, _ = read_reported_epoch(Path(snakemake.input.epoch))
    runs = crossval_runs(
        Path(snakemake.input.epoch).parent,
        folds=snakemake.params.folds,
        epoch=epoch,
        fold_modes=snakemake.params.modes,
        ensemble_modes=snakemake.params.ensemble_modes,
    )
    collect(
        runs,
        modes=snakemake.params.modes,
        ignore_subjects=snakemake.params.ignore_subjects,
        files={name: Path(path) for name, path in snakemake.output.items()},
    )
