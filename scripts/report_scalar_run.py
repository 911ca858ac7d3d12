"""Report a run of a scalar model as a notebook and as a page."""

from pathlib import Path

from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.jobs import job_log, job_settings
from innereye.names import Split
from innereye.reports.scalar_report_run import report_scalar_run
from innereye.scalar_names import ScalarLoss

with job_log(snakemake.log[0]):
    params = snakemake.params
    report_scalar_run(
        run_folder=Path(snakemake.output.html).parent,
        epochs=[int(epoch) for epoch in params.epochs],
        splits=[Split(split) for split in params.splits],
        settings=job_settings(ScalarReportSettings, params.settings, params.place),
        is_regression=params.is_regression,
        is_exclusive=params.loss_type == ScalarLoss.EXCLUSIVE_CROSS_ENTROPY,
        facts=params.facts,
        notebook=Path(snakemake.output.notebook),
        html=Path(snakemake.output.html),
        epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
    )
