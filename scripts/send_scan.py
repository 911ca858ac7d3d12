"""Copy a scan, and a model of this machine, below the working folder, from where they can be sent."""

from pathlib import Path

from innereye.io.links import copy_tree
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    for image, copy in zip(snakemake.params.images, snakemake.params.copies, strict=True):
        copy_tree(Path(image), Path(copy))
    if snakemake.params.model:
        copy_tree(Path(snakemake.params.model), Path(snakemake.output.folder) / "model")
