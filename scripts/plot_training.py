"""Draw the course of a training."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.reports.learning_curves import plot_training

with job_log(snakemake.log[0]):
    plot_training(
        run_folder=Path(snakemake.output.curves).parent,
        plot_dpi=snakemake.params.dpi,
        png=Path(snakemake.output.curves),
    )
