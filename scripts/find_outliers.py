"""Find the scores that lie far on the bad side of their structure."""

from pathlib import Path

from innereye.configs.stages.outliers import OutlierSettings
from innereye.jobs import job_log, job_settings
from innereye.metrics.metrics_csv import read_metrics
from innereye.metrics.outliers import find_outliers, write_outliers

with job_log(snakemake.log[0]):
    settings = job_settings(OutlierSettings, snakemake.params.settings)
    metrics = read_metrics(Path(snakemake.input.metrics))
    write_outliers(
        Path(snakemake.output.outliers),
        find_outliers(metrics, outlier_range=settings.outlier_range),
    )
