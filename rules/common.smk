# Run folders, test epochs and targets.

import re

from innereye.names import EXPORT_JSON, EXPORTED_MODEL, ExportFormat, exported_network
from innereye.workflow.cluster import RUNS, Cluster
from innereye.workflow.expected import expected_files
from innereye.workflow.facts import facts_of, facts_of_ensemble
from innereye.workflow.models import SINGLE, in_cloud, named_on_card, packaged, shown_in_cloud
from innereye.workflow.msd_import import import_folder, msd_folder
from innereye.workflow.phantoms import phantom_content, phantom_folder
from innereye.workflow.recovery import RECOVERED_CHECKPOINT, recovery_of, source_of
from snakemake_executor_plugin_azureml.call_options import leaves_volumes

ON_CLUSTER = RUNS in workflow.global_resources
CLUSTER = Cluster(plan, is_used=ON_CLUSTER, leaves_volumes=ON_CLUSTER and leaves_volumes())
if workflow.is_main_process and CLUSTER.complaint:
    raise WorkflowError(CLUSTER.complaint)
CROSSVAL = plan.crossval
TESTED = CROSSVAL.analysis
BASELINES = plan.baselines
COMPARED = plan.comparison
# Subjects of a scalar model that lack something.
DROPPED = {"dropped": "{run}/dropped_items.csv"} if plan.is_scalar else {}
# The class of a scalar model has hooks, so its jobs load it; what a segmentation needs are fields.
WITH_CLASS = (
    ' --config "${params.tag}_CONFIG" --basedir "${params.tag}_SCRIPTS/.."'
    if plan.is_scalar
    else ""
)
# Another file of an encoder's weights is another training.
PRETRAINED = [str(f) for f in [getattr(plan.model, "pretrained_encoder", None)] if f]
EXPECTED = f"{OUTPUTS}/compare_with_expected.txt"


def fold_of(wildcards):
    """Return the fold that a run folder is named after; -1 for a single model and the ensemble."""
    name = Path(wildcards.run).name
    return int(name) if wildcards.run not in (OUTPUTS, CROSSVAL.ensemble) else -1


def epoch_files(run, epoch, split):
    """Return the results of one split at one test epoch."""
    return [f"{run}/epoch_{epoch}/{split}/{name}" for name in plan.result_names]


def patch_sampling(run):
    """Return what shows the crops of a run that is trained, where its images are on this machine."""
    if plan.is_scalar or not (plan.field("show_patch_sampling") and plan.field("train")):
        return []
    is_shown = plan.data_is_local and run != CROSSVAL.ensemble
    return [f"{run}/patch_sampling/patch_sampling.csv"] if is_shown else []


def run_targets(run):
    """Return the files of a whole run."""
    files = plan.run_files(run) + patch_sampling(run)
    for epoch in plan.test_epochs:
        files += [f for s in plan.splits_of(run) for f in epoch_files(run, epoch, s)]
    return files


def checkpoints_of_epoch(wildcards):
    """Return the checkpoints of a test epoch; another epoch or fold is a mistake of the user."""
    if complaint := CROSSVAL.unknown_fold(wildcards.run) or plan.unknown_epoch(wildcards.epoch):
        raise WorkflowError(complaint)
    if not plan.trains:
        return [plan.existing_model.folder]
    runs = CROSSVAL.folds if wildcards.run == CROSSVAL.ensemble else [wildcards.run]
    return [f"{run}/checkpoints/epoch_{wildcards.epoch}.ckpt" for run in runs]


def existing_run(wildcards):
    """Return the run folder; a fold that does not exist is a mistake of the user."""
    if complaint := CROSSVAL.unknown_fold(wildcards.run):
        raise WorkflowError(complaint)
    return wildcards.run


def trained_run(wildcards):
    """Return the run folder; that nothing is trained there is a mistake of the user."""
    if not plan.trains:
        raise WorkflowError("train=False trains nothing, so there is no checkpoint of a training.")
    return existing_run(wildcards)


def epoch_metrics(wildcards):
    """Return the learning curves of a run, where it is trained."""
    return [f"{wildcards.run}/{part}/epoch_metrics.csv" for part in ("Train", "Val") if plan.trains]


def split_csv(wildcards):
    """Return the table of a split's subjects."""
    return f"{wildcards.run}/{wildcards.split.lower()}_dataset.csv"


def rows_of_part(wildcards):
    """Return the hash of a split's table and of the files that it leads to."""
    return plan.dataset.table(fold_of(wildcards), wildcards.part.capitalize())


def rows_of_split(wildcards):
    """Return the hash of a split's rows, images and masks."""
    return plan.dataset.rows(fold_of(wildcards), wildcards.split)


def images_of_split(wildcards):
    """Return the hash of a split's rows and images; masks do not change a segmentation."""
    return plan.dataset.rows(fold_of(wildcards), wildcards.split, images_only=True)


def report_scores(wildcards):
    """Return the scores of all test epochs."""
    names = ["metrics.csv", "surface_metrics.csv", "outliers.csv", "segmentations.csv"]
    folders = report_folders(wildcards.run)
    return [f"{folder}/{name}" for folder in folders for name in names]


def outputs_to_report(run):
    """Return what a scalar model has said of the items of each split, and its scores."""
    names = ("metrics.csv", "model_outputs.csv")
    return [f"{folder}/{name}" for folder in report_folders(run) for name in names]


def report_folders(run):
    """Return the folders with the results of each test epoch and split."""
    return expand("{run}/epoch_{e}/{s}", run=run, e=plan.test_epochs, s=plan.splits_of(run))


def fold_scores(split):
    """Return the scores of a split in all folds, by test epoch; none where it is not segmented."""
    runs = CROSSVAL.folds if split in CROSSVAL.fold_splits else []
    return {e: [f"{r}/epoch_{e}/{split}/metrics.csv" for r in runs] for e in plan.test_epochs}


def ensemble_scores():
    """Return the scores of the ensemble that can be compared: those on Test, in all test epochs."""
    runs = [CROSSVAL.ensemble] if "Test" in CROSSVAL.ensemble_splits else []
    return expand("{run}/epoch_{e}/Test/metrics.csv", run=runs, e=plan.test_epochs)


def scores_that_choose(wildcards):
    """Return the scores on Val that decide which test epoch of a run is reported."""
    is_scored = "Val" in plan.splits_of(wildcards.run)
    epochs = plan.test_epochs if is_scored and len(plan.test_epochs) > 1 else []
    return expand("{run}/epoch_{e}/Val/metrics.csv", run=wildcards.run, e=epochs)


def scored_on_card(run):
    """Return the runs whose scores a model's card shows, by split: an ensemble's Val are its folds'."""
    if run != CROSSVAL.ensemble:
        return {split: [run] for split in ("Val", "Test") if split in CROSSVAL.fold_splits}
    of_folds = {"Val": CROSSVAL.folds} if "Val" in CROSSVAL.fold_splits else {}
    return of_folds | ({"Test": [run]} if "Test" in CROSSVAL.ensemble_splits else {})


def scores_on_card(run):
    """Return the files with these scores in all test epochs."""
    names = ["metrics.csv", "surface_metrics.csv", "segmentations.csv"]
    pairs = [(of, split) for split, runs in scored_on_card(run).items() for of in runs]
    folders = [f"{of}/epoch_{e}/{split}" for of, split in pairs for e in plan.test_epochs]
    return [f"{folder}/{name}" for folder in folders for name in names]


def initial_checkpoint(wildcards):
    """Return the checkpoint of an earlier run that a training goes on with, if any."""
    return recovery_of(plan, wildcards.run).initial(wildcards.run)


def checkpoint_to_copy(wildcards):
    """Return where that checkpoint lies on this machine, if the earlier run is a folder here."""
    try:
        return recovery_of(plan, wildcards.run).local_files(wildcards.run, fold_of(wildcards))
    except InnerEyeError as error:
        raise WorkflowError(str(error)) from None


def compared_files(wildcards):
    """Return the files of the comparison; without runs there is nothing to compare."""
    if not COMPARED.is_stated:
        raise WorkflowError(COMPARED.what_is_missing)
    return COMPARED.analysis.files


def folder_of_member(wildcards):
    """Return the run folder of a single model or a fold; that of all folds for the ensemble."""
    folders = {SINGLE: OUTPUTS, Path(CROSSVAL.ensemble).name: CROSSVAL.folder}
    return folders.get(wildcards.member, f"{CROSSVAL.folder}/{wildcards.member}")


def model_of_member(wildcards):
    """Return the file that describes the model of a run, or of the ensemble."""
    folder = folder_of_member(wildcards)
    is_ensemble = folder == CROSSVAL.folder
    return CROSSVAL.model_config if is_ensemble else f"{folder}/{CROSSVAL.final_model}"


def card_of_member(wildcards):
    """Return the card of that model, which is written into its folder afterwards, if there is one."""
    if not plan.kind.has_card:
        return []
    folder = folder_of_member(wildcards)
    is_ensemble = folder == CROSSVAL.folder
    return CROSSVAL.model_card if is_ensemble else f"{folder}/{CROSSVAL.final_card}"


def results_of_member(wildcards):
    """Return the results that the run in the cloud gets: for the ensemble those of all folds."""
    folder = folder_of_member(wildcards)
    if folder != CROSSVAL.folder:
        return shown_in_cloud(run_targets(folder))
    published = published_targets() if CROSSVAL.is_configured else []
    return shown_in_cloud(crossval_files() + published)


def crossval_targets():
    """Return the files of a cross-validation, and what tells that they are in the cloud, too."""
    members = [Path(run).name for run in [*CROSSVAL.folds, CROSSVAL.ensemble]]
    return crossval_files() + (in_cloud(plan, *members) if CLUSTER.is_used else [])


def crossval_files():
    """Return the files of all folds, of the ensemble, and of their comparison."""
    runs = [*CROSSVAL.folds, CROSSVAL.ensemble]
    files = [file for run in runs for file in run_targets(run)]
    baselines = BASELINES.ensemble.baseline_files if BASELINES.names else []
    model = [CROSSVAL.reported_epoch, CROSSVAL.model_config]
    model += [CROSSVAL.model_card] if plan.kind.has_card else []
    return [*files, *model, *CROSSVAL.compared_files, *baselines]


def exported_targets():
    """Return the networks for other programs: of the single model, or of each member."""
    runs = CROSSVAL.folds if CROSSVAL.is_configured else [OUTPUTS]
    names = [*map(exported_network, ExportFormat), EXPORT_JSON]
    return [f"{run}/{EXPORTED_MODEL}/{name}" for run in runs for name in names]


def published_targets():
    """Return what outputs shows of the ensemble, and the files of the whole data set."""
    names = ["args.txt", "buildinformation.json", "dataset.csv"]
    names += ["train_dataset.csv", "val_dataset.csv", "test_dataset.csv"]
    names += [*plan.kind.of_run, *plan.report_names]
    files = [f"{OUTPUTS}/{name}" for name in names]
    pairs = [(e, s) for e in plan.test_epochs for s in CROSSVAL.ensemble_splits]
    return files + [file for pair in pairs for file in epoch_files(OUTPUTS, *pair)]


def expected_inputs(wildcards):
    """Return the files that results are compared with; none are a mistake of the user."""
    try:
        return expected_files(plan)
    except InnerEyeError as error:
        raise WorkflowError(str(error)) from None


def all_targets():
    """Return the files of a run, and what tells that they are as expected, where a user expects some."""
    is_compared = plan.field("regression_test_folder") is not None
    return compared_targets() + ([EXPECTED] if is_compared else [])


def compared_targets():
    """Return the files of a single model, or of a cross-validation and its ensemble."""
    if CROSSVAL.is_configured:
        return crossval_targets() + published_targets()
    baselines = BASELINES.single.baseline_files if BASELINES.names else []
    return run_targets(OUTPUTS) + baselines + (in_cloud(plan, SINGLE) if CLUSTER.is_used else [])
