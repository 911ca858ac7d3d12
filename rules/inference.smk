# What is evaluated without training; half-done downloads lie beside it and are taken up again.
rule fetch_weights:
    input:
        plan.existing_model.files,
    output:
        folder=directory(plan.existing_model.folder),
    log:
        f"{OUTPUTS}/logs/fetch_weights.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        tag=plan.tag,
        is_scalar=plan.is_scalar,
        origin=plan.existing_model.origin,
        settings=plan.stage_settings("ensemble"),
    script:
        "../scripts/fetch_weights.py"
