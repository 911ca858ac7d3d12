"""Report a run as a notebook and as a page."""

from pathlib import Path

from innereye.configs.stages.report import ReportSettings
from innereye.jobs import job_log, job_settings
from innereye.names import Split
from innereye.reports.report_run import report_run

with job_log(snakemake.log[0]):
    report_run(
        run_folder=Path(snakemake.output.html).parent,
        epochs=[int(epoch) for epoch in snakemake.params.epochs],
        splits=[Split(split) for split in snakemake.params.splits],
        settings=job_settings(ReportSettings, snakemake.params.settings, snakemake.params.place),
        facts=snakemake.params.facts,
        notebook=Path(snakemake.output.notebook),
        html=Path(snakemake.output.html),
        epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
    )
