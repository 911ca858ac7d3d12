rule plot_training:
    input:
        train_metrics="{run}/Train/epoch_metrics.csv",
        val_metrics="{run}/Val/epoch_metrics.csv",
    output:
        curves=report(
            "{run}/learning_curves.png",
            category="Training",
            labels={"run": "{run}", "plot": "learning curves"},
        ),
    log:
        "{run}/logs/plot_training.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        dpi=plan.field("plot_dpi"),
        code=plan.code("curves"),
    script:
        "../scripts/plot_training.py"


rule report:
    input:
        scores=report_scores,
        train_metrics="{run}/Train/epoch_metrics.csv",
        val_metrics="{run}/Val/epoch_metrics.csv",
    output:
        notebook="{run}/report.ipynb",
        html=report(
            "{run}/report.html",
            category="Report",
            labels={"run": "{run}", "plot": "report"},
        ),
    log:
        "{run}/logs/report.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("report"),
        code=plan.code("report"),
        place=lambda w: plan.place,
        rows=lambda w: plan.dataset.rows(fold_of(w), *plan.inference_splits),
        facts=plan.facts,
        epochs=plan.test_epochs,
        splits=plan.inference_splits,
    script:
        "../scripts/report.py"
