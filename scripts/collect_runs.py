"""Collect the scores of finished runs."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.collection import collect, run_from

with job_log(snakemake.log[0]):
    collect(
        [run_from(plain) for plain in snakemake.params.runs],
        modes=snakemake.params.modes,
        ignore_subjects=snakemake.params.ignore_subjects,
        files={name: Path(path) for name, path in snakemake.output.items()},
    )
