"""Show the ensemble's results in the folder of the outputs."""

from pathlib import Path

from innereye.inference.publish import publish
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    publish(Path(snakemake.input[0]).parent, Path(snakemake.output[0]).parent)
