"""Put the members of the ensemble and their description into one folder."""

from pathlib import Path

from innereye.inference.model_folder import write_model_folder
from innereye.jobs import job_log
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.names import CHECKPOINTS, epoch_checkpoint

with job_log(snakemake.log[0]):
    epoch, _ = read_reported_epoch(Path(snakemake.input.epoch))
    write_model_folder(
        Path(snakemake.output.description).parent,
        [Path(fold) / CHECKPOINTS / epoch_checkpoint(epoch) for fold in snakemake.params.folds],
        model_name=snakemake.params.model_name,
        model_configs_namespace=snakemake.params.namespace,
    )
