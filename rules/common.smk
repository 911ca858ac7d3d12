# Run folders, test epochs and targets.


CROSSVAL = plan.crossval
TESTED = CROSSVAL.analysis
BASELINES = plan.baselines
COMPARED = plan.comparison


def fold_of(wildcards):
    """Return the fold that a run folder is named after; -1 for a single model and the ensemble."""
    name = Path(wildcards.run).name
    return int(name) if wildcards.run not in (OUTPUTS, CROSSVAL.ensemble) else -1


def epoch_files(run, epoch, split):
    """Return the results of one split at one test epoch."""
    names = ["segmentations.csv", "metrics.csv", "surface_metrics.csv", "metrics_aggregates.csv"]
    names += ["outliers.csv", "dataset_id.txt", "ground_truth_ids.txt", "image_channel_ids.txt"]
    names += ["dataset.csv", "train_dataset.csv", "val_dataset.csv", "test_dataset.csv"]
    if plan.field("is_plotting_enabled"):
        names += ["metrics_boxplot.png", "thumbnails/thumbnails.csv"]
    return [f"{run}/epoch_{epoch}/{split}/{name}" for name in names]


def run_targets(run):
    """Return the files of a whole run."""
    files = plan.run_files(run)
    for epoch in plan.test_epochs:
        files += [f for s in plan.splits_of(run) for f in epoch_files(run, epoch, s)]
    return files


def checkpoints_of_epoch(wildcards):
    """Return the checkpoints of a test epoch; another epoch or fold is a mistake of the user."""
    complaint = CROSSVAL.unknown_fold(wildcards.run) or plan.unknown_epoch(wildcards.epoch)
    if complaint:
        raise WorkflowError(complaint)
    runs = CROSSVAL.folds if wildcards.run == CROSSVAL.ensemble else [wildcards.run]
    return [f"{run}/checkpoints/epoch_{wildcards.epoch}.ckpt" for run in runs]


def existing_run(wildcards):
    """Return the run folder; a fold that does not exist is a mistake of the user."""
    if complaint := CROSSVAL.unknown_fold(wildcards.run):
        raise WorkflowError(complaint)
    return wildcards.run


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


def report_folders(run):
    """Return the folders with the results of each test epoch and split."""
    return expand("{run}/epoch_{e}/{s}", run=run, e=plan.test_epochs, s=plan.splits_of(run))
