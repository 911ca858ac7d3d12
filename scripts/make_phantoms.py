"""Draw phantoms, or balls, on which the model can be tried."""

from pathlib import Path

from innereye.data.made_data import make_data_set
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    make_data_set(
        Path(snakemake.output.dataset).parent,
        subjects=snakemake.params.subjects,
        seed=snakemake.params.seed,
        content=snakemake.params.content,
    )
