"""Compute the metrics of a split of a scalar model."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.scalar.pooled_files import aggregate_outputs

with job_log(snakemake.log[0]):
    aggregate_outputs(
        Path(snakemake.input.metrics),
        Path(snakemake.output.aggregates),
        is_classification=snakemake.params.is_classification,
        targets=snakemake.params.targets,
    )
