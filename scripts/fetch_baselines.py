"""Copy the scores of earlier runs beside those of this run."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.baselines import fetch_baseline

with job_log(snakemake.log[0]):
    copies = zip(snakemake.output.metrics, snakemake.output.datasets, strict=True)
    for (name, source), (metrics, dataset) in zip(
        snakemake.params.sources.items(), copies, strict=True
    ):
        fetch_baseline(name, source, metrics_csv=Path(metrics), dataset_csv=Path(dataset))
