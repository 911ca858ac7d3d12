"""Draw where the crops of a training would lie."""

from pathlib import Path

from innereye.configs.stages.patch_sampling import PatchSamplingSettings
from innereye.jobs import job_log, job_settings
from innereye.reports.patch_sampling import show_patch_sampling

with job_log(snakemake.log[0]):
    show_patch_sampling(
        train_csv=Path(snakemake.input.train),
        settings=job_settings(
            PatchSamplingSettings, snakemake.params.settings, snakemake.params.place
        ),
        index_csv=Path(snakemake.output.index),
    )
