"""Draw the scores of a split as box plots."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.names import Split
from innereye.reports.boxplot import plot_metrics

with job_log(snakemake.log[0]):
    plot_metrics(
        metrics_csv=Path(snakemake.input.metrics),
        outliers_csv=Path(snakemake.input.outliers),
        split=Split(snakemake.wildcards.split),
        plot_dpi=snakemake.params.dpi,
        png=Path(snakemake.output.boxplot),
    )
