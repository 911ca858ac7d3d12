"""Report every fault of a data set at once, or copy its table into the run."""

from pathlib import Path

from innereye.configs.stages.check import CheckSettings
from innereye.data.check_run import check_run
from innereye.jobs import job_log, job_settings

with job_log(snakemake.log[0]):
    check_run(
        job_settings(CheckSettings, snakemake.params.settings, snakemake.params.place),
        missing=snakemake.params.missing,
        record_file=Path(snakemake.params.record),
        output=Path(snakemake.output.dataset),
        workers=snakemake.threads,
    )
