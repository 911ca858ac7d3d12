"""Draw the scores of several runs as box plots, side by side."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.reports.all_runs_plots import plot_all_splits

with job_log(snakemake.log[0]):
    plot_all_splits(
        Path(snakemake.input.table),
        modes=snakemake.params.modes,
        structures=snakemake.params.structures,
        epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
        epoch=snakemake.params.get("epoch"),
        paths=[Path(path) for path in snakemake.output],
        dpi=snakemake.params.dpi,
    )
