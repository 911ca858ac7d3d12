"""Find the subjects that stand out in several runs."""

from pathlib import Path

from innereye.configs.stages.outliers import OutlierSettings
from innereye.jobs import job_log, job_settings
from innereye.metrics.runs.outlier_files import write_run_outliers

with job_log(snakemake.log[0]):
    settings = job_settings(OutlierSettings, snakemake.params.settings)
    write_run_outliers(
        Path(snakemake.input.table),
        modes=snakemake.params.modes,
        outlier_range=settings.outlier_range,
        files={name: Path(path) for name, path in snakemake.output.items()},
    )
