"""Draw the Dice scores of one run over those of another, for each pair of runs."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.reports.all_runs_plots import draw_all_scatterplots

with job_log(snakemake.log[0]):
    draw_all_scatterplots(
        Path(snakemake.input.table),
        pairs=snakemake.params.pairs,
        mode=snakemake.params.mode,
        paths=[Path(path) for path in snakemake.output],
        dpi=snakemake.params.dpi,
    )
