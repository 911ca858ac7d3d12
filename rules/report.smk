rule report:
    input:
        scores=report_scores,
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
    script:
        "../scripts/report.py"


use rule report as report_ensemble with:
    input:
        epoch=CROSSVAL.reported_epoch,
        tables=[TESTED.table, TESTED.collected["by_fold"]],
        scores=[
            f"{folder}/{name}"
            for folder in report_folders(CROSSVAL.ensemble)
            for name in ("metrics.csv", "surface_metrics.csv", "outliers.csv", "segmentations.csv")
        ],
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
