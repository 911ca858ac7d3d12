rule report:
    input:
        scores=report_scores,
        train_metrics="{run}/Train/epoch_metrics.csv",
        val_metrics="{run}/Val/epoch_metrics.csv",
        thumbnails=report_thumbnails,
    output:
        notebook="{run}/report.ipynb",
        html=report(
            "{run}/report.html",
            category="Report",
            labels={"run": "{run}", "plot": "report"},
        ),
    log:
        "{run}/logs/report.log",
    conda:
        "../envs/innereye.yaml"
    localrule: True
    params:
        settings=plan.stage_settings("report"),
        code=plan.code("report"),
        facts=plan.facts,
        epochs=plan.test_epochs,
        splits=plan.inference_splits,
    script:
        "../scripts/report.py"
