"""Draw phantoms on which the model can be tried."""

from pathlib import Path

from innereye.data.phantoms import PhantomSet, make_phantoms
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    make_phantoms(
        Path(snakemake.output.dataset).parent,
        subjects=snakemake.params.subjects,
        seed=snakemake.params.seed,
        content=PhantomSet(**snakemake.params.content),
    )
