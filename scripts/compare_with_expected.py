"""Compare the results of a run with those that are expected."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.reports.compare_with_expected import compare_with_expected

with job_log(snakemake.log[0]):
    compare_with_expected(
        expected=[Path(path) for path in snakemake.input.expected],
        folder=Path(snakemake.params.folder),
        outputs=Path(snakemake.params.outputs),
        tolerance=snakemake.params.tolerance,
        text=Path(snakemake.output.text),
    )
