"""Report every fault of a data set at once, or copy its table into the run."""

import os
from pathlib import Path

from innereye.data.check_job import check_of_job
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    tag = snakemake.params.tag
    check_of_job(
        snakemake.params.settings,
        snakemake.params.place,
        config=os.environ[f"{tag}_CONFIG"] if snakemake.params.is_scalar else None,
        basedir=Path(os.environ[f"{tag}_SCRIPTS"]).parent,
        missing=snakemake.params.missing,
        record_file=Path(snakemake.params.record),
        outputs=dict(snakemake.output.items()),
        workers=snakemake.threads,
    )
