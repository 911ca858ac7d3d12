# Models to be used elsewhere, and the results of the ensemble in outputs.


rule choose_epoch:
    input:
        scores=[path for paths in fold_scores("Val").values() for path in paths],
    output:
        epoch=CROSSVAL.reported_epoch,
    log:
        f"{CROSSVAL.folder}/logs/choose_epoch.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        val_metrics=fold_scores("Val"),
    script:
        "../scripts/choose_epoch.py"


rule package_model:
    input:
        checkpoints=expand("{{run}}/checkpoints/epoch_{e}.ckpt", e=plan.test_epochs),
        scores=scores_that_choose,
    output:
        description=f"{{run}}/{CROSSVAL.final_model}",
    log:
        "{run}/logs/package_model.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        **packaged(plan),
        members=lambda w: [w.run],
        epochs=plan.test_epochs,
        has_val="Val" in CROSSVAL.fold_splits,
        outputs=lambda w: OUTPUTS,
    script:
        "../scripts/package_model.py"


use rule package_model as package_ensemble with:
    input:
        epoch=CROSSVAL.reported_epoch,
        checkpoints=expand(
            "{run}/checkpoints/epoch_{e}.ckpt", run=CROSSVAL.folds, e=plan.test_epochs
        ),
    output:
        description=CROSSVAL.model_config,
    log:
        f"{CROSSVAL.folder}/logs/package_ensemble.log",
    params:
        **packaged(plan, of_ensemble=True),
        members=CROSSVAL.folds,
        epochs=plan.test_epochs,
        has_val=True,
        outputs=lambda w: OUTPUTS,


# Made once: the hash of the data set takes time.
NAMED = named_on_card(plan)


# The folder is emptied when a model is packed, so its card comes afterwards.
rule write_model_card:
    input:
        description=f"{{run}}/{CROSSVAL.final_model}",
        splits=expand("{{run}}/{part}_dataset.csv", part=["train", "val", "test"]),
        scores=lambda w: scores_on_card(w.run),
        train_metrics="{run}/Train/epoch_metrics.csv",
        val_metrics="{run}/Val/epoch_metrics.csv",
    output:
        card=f"{{run}}/{CROSSVAL.final_card}",
    log:
        "{run}/logs/write_model_card.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("card"),
        code=plan.code("card"),
        named={**NAMED, **facts_of(plan)},
        epochs=plan.test_epochs,
        run_folder=lambda w: w.run,
        scored=lambda w: scored_on_card(w.run),
        members=lambda w: [w.run],
    script:
        "../scripts/write_model_card.py"


use rule write_model_card as write_ensemble_card with:
    input:
        description=CROSSVAL.model_config,
        epoch=CROSSVAL.reported_epoch,
        splits=expand("{run}/{p}_dataset.csv", run=CROSSVAL.ensemble, p=["train", "val", "test"]),
        scores=scores_on_card(CROSSVAL.ensemble),
        epoch_metrics=expand(
            "{run}/{split}/epoch_metrics.csv", run=CROSSVAL.folds, split=["Train", "Val"]
        ),
    output:
        card=CROSSVAL.model_card,
    log:
        f"{CROSSVAL.folder}/logs/write_model_card.log",
    params:
        settings=plan.stage_settings("card"),
        code=plan.code("card"),
        named={**NAMED, **facts_of_ensemble(plan)},
        epochs=plan.test_epochs,
        run_folder=lambda w: CROSSVAL.ensemble,
        scored=scored_on_card(CROSSVAL.ensemble),
        members=CROSSVAL.folds,


if CROSSVAL.is_configured:

    rule publish_ensemble:
        input:
            epoch_files(CROSSVAL.ensemble, "{epoch}", "{split}"),
        output:
            epoch_files(OUTPUTS, "{epoch}", "{split}"),
        log:
            f"{OUTPUTS}/logs/publish_ensemble_epoch_{{epoch}}_{{split}}.log",
        localrule: True
        conda:
            "../envs/innereye.yaml"
        script:
            "../scripts/publish_ensemble.py"

    rule publish_report:
        input:
            notebook=f"{CROSSVAL.ensemble}/report.ipynb",
            html=f"{CROSSVAL.ensemble}/report.html",
        output:
            notebook=f"{OUTPUTS}/report.ipynb",
            html=f"{OUTPUTS}/report.html",
        log:
            f"{OUTPUTS}/logs/publish_report.log",
        localrule: True
        conda:
            "../envs/innereye.yaml"
        script:
            "../scripts/publish_report.py"
