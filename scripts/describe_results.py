"""Lay the names of data, structures and channels beside the results."""

from pathlib import Path

from innereye.inference.run_information import write_run_information
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    write_run_information(
        output_folder=Path(snakemake.output.dataset_id).parent,
        dataset_id=snakemake.params.dataset_id,
        ground_truth_ids=snakemake.params.structures,
        image_channels=snakemake.params.channels,
        dataset_csvs=[Path(table) for table in snakemake.input.tables],
    )
