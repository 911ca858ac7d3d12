# What a whole run, a whole cross-validation, and `snakemake` without a target consist of.


def crossval_targets():
    """Return the files of all folds, of the ensemble, and of their comparison."""
    runs = [*CROSSVAL.folds, CROSSVAL.ensemble]
    files = [file for run in runs for file in run_targets(run)]
    baselines = BASELINES.ensemble.baseline_files if BASELINES.names else []
    return [*files, CROSSVAL.reported_epoch, CROSSVAL.model_config, *TESTED.files, *baselines]


def published_targets():
    """Return what outputs shows of the ensemble, and the files of the whole data set."""
    names = ["args.txt", "buildinformation.json", "dataset.csv"]
    names += ["train_dataset.csv", "val_dataset.csv", "test_dataset.csv"]
    names += ["report.ipynb", "report.html"] if plan.field("generate_report") else []
    files = [f"{OUTPUTS}/{name}" for name in names]
    pairs = [(e, s) for e in plan.test_epochs for s in CROSSVAL.ensemble_splits]
    return files + [file for pair in pairs for file in epoch_files(OUTPUTS, *pair)]


def all_targets():
    """Return the files of a single model, or of a cross-validation and its ensemble."""
    if CROSSVAL.is_configured:
        return crossval_targets() + published_targets()
    return run_targets(OUTPUTS) + (BASELINES.single.baseline_files if BASELINES.names else [])


# A rule may be named like a path; shell completion adds the slash of the second name.
for name in (f"{OUTPUTS}/CrossValResults", f"{OUTPUTS}/CrossValResults/"):

    rule:
        name:
            name
        input:
            crossval_targets(),
            published_targets() if CROSSVAL.is_configured else [],
        localrule: True
