# What networks say of the items of a classification or regression.


rule classify:
    input:
        checkpoints=checkpoints_of_epoch,
        split=split_csv,
    output:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
        outputs="{run}/epoch_{epoch}/{split}/model_outputs.csv",
    log:
        "{run}/logs/classify_epoch_{epoch}_{split}.log",
    benchmark:
        "{run}/logs/classify_epoch_{epoch}_{split}.benchmark.tsv"
    group:
        CLUSTER.group()
    conda:
        "../envs/innereye.yaml"
    threads: plan.field("num_cpu_threads")
    resources:
        **CLUSTER.resources(),
        gpu=int(plan.has_gpu),
    params:
        tag=plan.tag,
        settings=plan.stage_settings("classify"),
        code=plan.code("classify"),
        rows=rows_of_split,
        fold=fold_of,
    shell:
        'python "${params.tag}_SCRIPTS/classify.py" --checkpoints {input.checkpoints:q}'
        " --split_csv {input.split:q} --split {wildcards.split} --epoch {wildcards.epoch} --fold={params.fold}"
        " --metrics {output.metrics:q} --settings {params.settings:q}"
        ' --machine "${params.tag}_MACHINE" --log {log:q}' + WITH_CLASS


rule aggregate_outputs:
    input:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
    output:
        aggregates="{run}/epoch_{epoch}/{split}/metrics_aggregates.csv",
    log:
        "{run}/logs/aggregate_outputs_epoch_{epoch}_{split}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        is_classification=not plan.field("is_regression"),
        targets=plan.field("targets"),
        code=plan.code("aggregate"),
    script:
        "../scripts/aggregate_outputs.py"


# One table of all folds, and metrics computed on all of their rows together.
rule pool_folds:
    input:
        epoch=CROSSVAL.reported_epoch,
        scores=[p for s in CROSSVAL.fold_splits for paths in fold_scores(s).values() for p in paths],
    output:
        **CROSSVAL.pooled,
    log:
        f"{CROSSVAL.folder}/logs/pool_folds.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        folds=CROSSVAL.folds,
        splits=CROSSVAL.fold_splits,
        is_classification=not plan.field("is_regression"),
        targets=plan.field("targets"),
        code=plan.code("collect"),
    script:
        "../scripts/pool_folds.py"


rule report_scalar_run:
    input:
        scores=lambda w: outputs_to_report(w.run),
        curves=epoch_metrics,
    output:
        notebook="{run}/report.ipynb",
        html=report(
            "{run}/report.html",
            category="Report",
            labels={"run": "{run}", "plot": "report"},
        ),
    log:
        "{run}/logs/report.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("report"),
        code=plan.code("report"),
        place=lambda w: plan.place,
        rows=lambda w: plan.dataset.rows(fold_of(w), *plan.splits_of(w.run)),
        facts=facts_of(plan),
        epochs=plan.test_epochs,
        splits=lambda w: plan.splits_of(w.run),
        is_regression=plan.field("is_regression"),
        loss_type=str(plan.field("loss_type")),
    script:
        "../scripts/report_scalar_run.py"


use rule report_scalar_run as report_scalar_ensemble with:
    input:
        epoch=CROSSVAL.reported_epoch,
        tables=CROSSVAL.pooled.values(),
        scores=outputs_to_report(CROSSVAL.ensemble),
    output:
        notebook=f"{CROSSVAL.ensemble}/report.ipynb",
        html=report(
            f"{CROSSVAL.ensemble}/report.html",
            category="Report",
            labels={"run": "ENSEMBLE", "plot": "report"},
        ),
    log:
        f"{CROSSVAL.ensemble}/logs/report.log",
    params:
        settings=plan.stage_settings("report"),
        code=plan.code("report"),
        place=lambda w: plan.place,
        rows=plan.dataset.rows(-1, *CROSSVAL.ensemble_splits),
        facts=facts_of_ensemble(plan),
        epochs=plan.test_epochs,
        splits=CROSSVAL.ensemble_splits,
        is_regression=plan.field("is_regression"),
        loss_type=str(plan.field("loss_type")),


localrules:
    report_scalar_ensemble,
