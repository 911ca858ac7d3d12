"""Fetch the checkpoint of an earlier run that a training goes on with."""

import logging
from pathlib import Path

from innereye.io.links import copy_file
from innereye.jobs import job_log
from innereye.workflow.recovery import Recovery, choose_checkpoint
from snakemake_executor_plugin_azureml.families import family_of
from snakemake_executor_plugin_azureml.job_workspace import options_of_job, workspace_of_job
from snakemake_executor_plugin_azureml.recovery import earlier_checkpoints
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    target = Path(snakemake.output.checkpoint)
    recovery = Recovery(**snakemake.params.recovery)
    if recovery.is_local:
        chosen = snakemake.input[0]
        copy_file(Path(chosen), target)
    else:
        options = options_of_job()
        workspace = workspace_of_job(options)
        family = family_of(workspace, recovery.source)
        recovery.require_folds(family.number_of_folds)
        earlier = earlier_checkpoints(workspace, options, family, snakemake.params.fold)
        chosen = choose_checkpoint(
            earlier.paths, start_epoch=recovery.start_epoch, source=earlier.run
        )
        earlier.fetch(chosen, target)
    logging.getLogger().info("Training goes on with %s of %s.", chosen, recovery.source)
