"""Which run does a config ask for, and may it start? The plan of a call, checked while it is loaded."""

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from innereye.configs.load import load_config
from innereye.data.dataset_view import DatasetView
from innereye.data.extra_data import missing_folders
from innereye.errors import ConfigError, DatasetError
from innereye.workflow.cloud_data import Fetch
from innereye.workflow.comparison import FetchRun, no_workspace
from innereye.workflow.earlier_run import require_earlier_run
from innereye.workflow.identity import refuse_other_run, write_identity
from innereye.workflow.msd_import import msd_folder
from innereye.workflow.phantoms import refuse_real_data
from innereye.workflow.plan import Plan

# Targets and options of calls that make no run: they need neither data nor an outputs folder of its own.
WITHOUT_RUN = frozenset(
    {"make_phantoms", "import_msd", "compare_runs", "plot_cross_validation", "segment_image"}
    | {"azureml_doctor", "tensorboard", "--unlock"}
)
ONLY_SEGMENTATION = frozenset({"compare_runs", "plot_cross_validation", "segment_image"})


def load_plan(
    config: Mapping[str, Any],
    *,
    basedir: Path,
    makes: Collection[str] = (),
    fetch: Fetch | None = None,
    fetch_run: FetchRun = no_workspace,
) -> Plan:
    """Return the plan of a run; all faults of its config are raised at once.

    `basedir` is the folder of the Snakefile. A call that `makes` something else (WITHOUT_RUN), or
    compares finished runs, makes no run: neither what the outputs folder holds nor how a data set is
    split matters then. `fetch` brings the copy of a data set's table up to date that lies in the cloud,
    `fetch_run` the results of a finished run in AzureML.
    """
    settings, model = load_config(config, basedir=basedir)
    plan = Plan(settings, model, config, "plot_cross_validation" in makes, fetch_run)
    _check_others(plan, makes)
    if makes or plan.comparison.is_stated:
        return plan
    if not plan.is_on_node:
        plan.existing_model.require_use()
        require_earlier_run(plan)
    if not settings.overwrite:
        refuse_other_run(Path(plan.outputs), plan.identity)
    if fetch and plan.data.is_in_cloud:
        fetch(plan.data.data_set_id, plan.data.copy, plan.data.table)
    view = plan.dataset
    sets = [view.data_sets] if isinstance(view, DatasetView) and not plan.data.mounted else []
    if complaint := "".join(missing_folders(each) for each in sets):
        raise DatasetError(complaint)
    if plan.dataset.frame is not None:
        for fold in range(plan.crossval.number_of_folds) if plan.is_cross_validation else [-1]:
            if plan.dataset.splits(fold).train.empty and plan.model.train:
                raise DatasetError(
                    f"restrict_subjects={plan.field('restrict_subjects')} leaves Train without subjects."
                )
    plan.baselines.places  # noqa: B018  says which are not there
    return plan


def _check_others(plan: Plan, makes: Collection[str]) -> None:
    """Refuse what a call lacks that makes something else than a run."""
    if plan.is_scalar and (asked := sorted(ONLY_SEGMENTATION & set(makes))):
        raise ConfigError(
            f"{plan.model_name} is a classification or regression model; the target {asked[0]} is for "
            "segmentation models."
        )
    if "import_msd" in makes:
        msd_folder(plan)
    if "make_phantoms" in makes:
        refuse_real_data(plan)
    plan.comparison  # noqa: B018  says which runs are not there
    if "segment_image" in makes and not plan.is_on_node:
        plan.scan().require()


def claim_folder(plan: Plan) -> None:
    """Note in the outputs folder which run it holds; the first job of every run does so."""
    write_identity(Path(plan.outputs), plan.identity)


def prefer_this_python() -> None:
    """Let jobs find the Python that runs Snakemake first, unless a conda environment stands before."""
    folder = str(Path(sys.executable).parent)
    places = os.environ.get("PATH", "").split(os.pathsep)
    if places[:1] != [folder]:
        os.environ["PATH"] = os.pathsep.join([folder, *places])
