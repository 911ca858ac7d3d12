"""From dataset.csv to trained models, segmentations, metrics and reports."""

import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import min_version

min_version("9.20")

SCRIPTS = f"{workflow.current_basedir}/scripts"
sys.path.insert(0, SCRIPTS)

from innereye.errors import InnerEyeError
from innereye.workflow.load import WITHOUT_RUN, load_plan, prefer_this_python
from snakemake_executor_plugin_azureml.cloud_runs import fetch_run_for_call


configfile: "config/config.yaml"


# The table of a data set in the cloud is looked at once a call; jobs use the copy.
fetch = None
if workflow.is_main_process and "azureml_runs" in workflow.global_resources:
    from snakemake_executor_plugin_azureml.cloud_tables import fetch_for_call as fetch
    from snakemake_executor_plugin_azureml.messages import hand_messages_to

    hand_messages_to(logger)

try:
    plan = load_plan(
        config,
        basedir=Path(str(workflow.current_basedir)),
        makes=WITHOUT_RUN & set(sys.argv),
        fetch=fetch,
        fetch_run=fetch_run_for_call,
    )
except InnerEyeError as error:
    raise WorkflowError(str(error)) from None

OUTPUTS = plan.outputs
prefer_this_python()
if workflow.is_main_process:
    for sentence in plan.changes:
        logger.info(sentence)
plan.export(SCRIPTS)


wildcard_constraints:
    run=plan.crossval.evaluated,
    epoch=r"\d\d\d+",
    split="Train|Val|Test",


include: "rules/common.smk"


rule all:
    default_target: True
    input:
        lambda wildcards: all_targets(),


include: "rules/dataset.smk"
include: "rules/training.smk"
include: "rules/inference.smk"
include: "rules/models.smk"
include: "rules/azureml.smk"
include: "rules/expected.smk"

include: f"rules/{'scalar' if plan.is_scalar else 'segmentation'}.smk"
include: "rules/targets.smk"
