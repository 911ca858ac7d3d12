"""Record what a run was made with: args.txt and buildinformation.json."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.reports.run_record import write_args, write_build_information

with job_log(snakemake.log[0]):
    write_args(Path(snakemake.output.args), snakemake.params.options)
    write_build_information(
        Path(snakemake.output.build),
        identity=snakemake.params.identity,
        code=snakemake.params.code,
        options=snakemake.params.options,
        dataset=snakemake.params.dataset,
    )
