"""Draw one slice of each structure of each subject of a split."""

from pathlib import Path

from innereye.configs.stages.plot import PlotSettings
from innereye.jobs import job_log, job_settings
from innereye.reports.thumbnails import draw_thumbnails

with job_log(snakemake.log[0]):
    settings = job_settings(PlotSettings, snakemake.params.settings, snakemake.params.place)
    draw_thumbnails(
        segmentations_csv=Path(snakemake.input.segmentations),
        split_csv=Path(snakemake.input.split),
        settings=settings,
        plot_dpi=settings.plot_dpi,
        folder=Path(snakemake.output.index).parent,
    )
