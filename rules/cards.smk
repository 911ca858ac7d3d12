# The cards of segmentation models.


# The folder is emptied when a model is packed, so its card comes afterwards. The record of versions
# is written anew with every change of any option: what changes a result reaches the card by its scores.
rule write_model_card:
    input:
        description=f"{{run}}/{CROSSVAL.final_model}",
        build=ancient("{run}/buildinformation.json"),
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
        facts=plan.facts,
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
        build=ancient(f"{CROSSVAL.ensemble}/buildinformation.json"),
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
        facts=plan.facts_of_ensemble,
        epochs=plan.test_epochs,
        run_folder=CROSSVAL.ensemble,
        scored=scored_on_card(CROSSVAL.ensemble),
        members=CROSSVAL.folds,
