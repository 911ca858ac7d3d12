# Earlier runs that a model, or the ensemble of a cross-validation, is compared with.


rule fetch_baselines:
    input:
        BASELINES.source_files,
    output:
        metrics=BASELINES.copies,
        datasets=BASELINES.datasets,
    log:
        f"{OUTPUTS}/logs/fetch_baselines.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        sources=BASELINES.sources,
    script:
        "../scripts/fetch_baselines.py"


rule collect_baselines:
    input:
        copies=BASELINES.copies,
        scores=expand("{run}/epoch_{e}/Test/metrics.csv", run=OUTPUTS, e=plan.test_epochs),
        val=expand(
            "{run}/epoch_{e}/Val/metrics.csv",
            run=[OUTPUTS] if "Val" in CROSSVAL.fold_splits else [],
            e=plan.test_epochs,
        ),
        dataset=f"{OUTPUTS}/dataset.csv",
    output:
        table=BASELINES.single.table,
    log:
        f"{OUTPUTS}/logs/collect_baselines.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        names=BASELINES.names,
        epochs=plan.test_epochs,
        has_val="Val" in CROSSVAL.fold_splits,
        ignore_subjects=plan.field("ignore_subjects"),
        code=plan.code("baselines"),
    script:
        "../scripts/collect_baselines.py"


use rule compute_statistics as compute_baseline_statistics with:
    input:
        table=BASELINES.single.table,
    output:
        **BASELINES.single.wilcoxon,
    log:
        f"{OUTPUTS}/logs/compute_baseline_statistics.log",
    params:
        settings=BASELINES.statistics_settings,
        against=BASELINES.single.against,
        only_shared_subjects=True,
        code=plan.code("statistics"),


use rule draw_scatterplots as draw_baseline_scatterplots with:
    input:
        table=BASELINES.single.table,
    output:
        BASELINES.single.scatterplots,
    log:
        f"{OUTPUTS}/logs/draw_baseline_scatterplots.log",
    params:
        pairs=BASELINES.single.pairs,
        mode="Test",
        dpi=plan.field("plot_dpi"),
        code=plan.code("scatterplots"),


use rule collect_baselines as collect_ensemble_baselines with:
    input:
        epoch=CROSSVAL.reported_epoch,
        copies=BASELINES.copies,
        scores=ensemble_scores(),
        dataset=f"{CROSSVAL.ensemble}/dataset.csv",
    output:
        table=BASELINES.ensemble.table,
    log:
        f"{OUTPUTS}/logs/collect_ensemble_baselines.log",
    params:
        names=BASELINES.names,
        epochs=plan.test_epochs,
        has_val=False,
        ignore_subjects=plan.field("ignore_subjects"),
        code=plan.code("baselines"),


use rule compute_baseline_statistics as compute_ensemble_baseline_statistics with:
    input:
        table=BASELINES.ensemble.table,
    output:
        **BASELINES.ensemble.wilcoxon,
    log:
        f"{OUTPUTS}/logs/compute_ensemble_baseline_statistics.log",


use rule draw_baseline_scatterplots as draw_ensemble_baseline_scatterplots with:
    input:
        table=BASELINES.ensemble.table,
    output:
        BASELINES.ensemble.scatterplots,
    log:
        f"{OUTPUTS}/logs/draw_ensemble_baseline_scatterplots.log",
