"""Turn a Medical Segmentation Decathlon or nnU-Net folder into a dataset.csv data set."""

from pathlib import Path

from innereye.data.msd import import_msd
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    import_msd(
        Path(snakemake.params.msd_folder),
        Path(snakemake.output.dataset).parent,
        workers=snakemake.threads,
    )
