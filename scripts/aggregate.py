"""Aggregate the scores of a split over its subjects."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.aggregates import write_aggregates
from innereye.metrics.metrics_csv import read_metrics

with job_log(snakemake.log[0]):
    write_aggregates(Path(snakemake.output.aggregates), read_metrics(Path(snakemake.input.metrics)))
