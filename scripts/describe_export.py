"""Join what is known of a network's files into one description."""

from pathlib import Path

from innereye.inference.export_description import describe_export
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    describe_export([Path(part) for part in snakemake.input], Path(snakemake.output.description))
