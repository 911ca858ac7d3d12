"""Choose the epoch of a cross-validation that is compared and handed on."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.metrics.runs.reported_epoch_file import choose_epoch, write_reported_epoch

with job_log(snakemake.log[0]):
    files = {
        int(epoch): [Path(path) for path in paths]
        for epoch, paths in snakemake.params.val_metrics.items()
    }
    write_reported_epoch(Path(snakemake.output.epoch), *choose_epoch(files))
