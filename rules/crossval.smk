# The folds of a segmentation and their ensemble: tables, tests, pictures.


rule collect_folds:
    input:
        epoch=CROSSVAL.reported_epoch,
        scores=[p for m in TESTED.modes for paths in fold_scores(m).values() for p in paths],
        ensemble=ensemble_scores(),
        datasets=expand("{run}/dataset.csv", run=[*CROSSVAL.folds, CROSSVAL.ensemble]),
    output:
        **TESTED.collected,
    log:
        f"{CROSSVAL.folder}/logs/collect_folds.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        folds=CROSSVAL.number_of_folds,
        modes=TESTED.modes,
        ensemble_modes=[mode for mode in CROSSVAL.ensemble_splits if mode == "Test"],
        ignore_subjects=plan.field("ignore_subjects"),
        code=plan.code("collect"),
    script:
        "../scripts/collect_folds.py"


rule compute_statistics:
    input:
        table=TESTED.table,
    output:
        **TESTED.statistics,
    log:
        f"{CROSSVAL.folder}/logs/compute_statistics.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("statistics"),
        against=[],
        only_shared_subjects=False,
        code=plan.code("statistics"),
    script:
        "../scripts/compute_statistics.py"


rule find_run_outliers:
    input:
        table=TESTED.table,
    output:
        **TESTED.outliers,
    log:
        f"{CROSSVAL.folder}/logs/find_run_outliers.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("outliers"),
        modes=TESTED.modes,
        code=plan.code("run_outliers"),
    script:
        "../scripts/find_run_outliers.py"


rule plot_splits:
    input:
        table=TESTED.table,
        epoch=CROSSVAL.reported_epoch,
    output:
        report(TESTED.split_plots, category="Cross-validation"),
    log:
        f"{CROSSVAL.folder}/logs/plot_splits.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        modes=TESTED.modes,
        structures=TESTED.structures,
        dpi=plan.field("plot_dpi"),
        code=plan.code("split_plots"),
    script:
        "../scripts/plot_splits.py"


rule draw_scatterplots:
    input:
        table=TESTED.table,
    output:
        TESTED.scatterplots,
    log:
        f"{CROSSVAL.folder}/logs/draw_scatterplots.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        pairs=TESTED.pairs,
        mode=plan.field("evaluation_set_name"),
        dpi=plan.field("plot_dpi"),
        code=plan.code("scatterplots"),
    script:
        "../scripts/draw_scatterplots.py"
