"""Collect the scores of this run and of the earlier runs that it is compared with."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.baselines import collect_baselines

with job_log(snakemake.log[0]):
    collect_baselines(
        run_folder=Path(snakemake.input.dataset).parent,
        epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
        epochs=[int(epoch) for epoch in snakemake.params.epochs],
        has_val=snakemake.params.has_val,
        names=snakemake.params.names,
        copies=[Path(path) for path in snakemake.input.copies],
        ignore_subjects=snakemake.params.ignore_subjects,
        table_csv=Path(snakemake.output.table),
    )
