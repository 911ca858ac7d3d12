# What the ensemble leaves beside its scores: the model folder, and its results in outputs.


rule package_ensemble:
    input:
        epoch=CROSSVAL.reported_epoch,
        checkpoints=expand(
            "{run}/checkpoints/epoch_{e}.ckpt", run=CROSSVAL.folds, e=plan.test_epochs
        ),
    output:
        description=CROSSVAL.model_config,
    log:
        f"{CROSSVAL.folder}/logs/package_ensemble.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        folds=CROSSVAL.folds,
        model_name=plan.model_name,
        namespace=plan.model_namespace,
        code=plan.code("package"),
    script:
        "../scripts/package_ensemble.py"


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
