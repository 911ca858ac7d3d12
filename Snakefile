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
from innereye.workflow.plan import load_plan, prefer_this_python


configfile: "config/config.yaml"


try:
    plan = load_plan(
        config,
        basedir=Path(str(workflow.current_basedir)),
        makes={"make_phantoms", "import_msd"} & set(sys.argv),
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
include: "rules/metrics.smk"
include: "rules/report.smk"
include: "rules/crossval.smk"
include: "rules/models.smk"
include: "rules/baselines.smk"
include: "rules/comparison.smk"
include: "rules/targets.smk"
