# Trained networks for other programs.


rule export_network:
    input:
        checkpoints=expand("{{run}}/checkpoints/epoch_{e}.ckpt", e=plan.test_epochs),
        scores=scores_that_choose,
    output:
        network=f"{{run}}/{EXPORTED_MODEL}/model.{{format}}",
        description=f"{{run}}/{EXPORTED_MODEL}/model.{{format}}.json",
    log:
        "{run}/logs/export_network_{format}.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
        format="|".join(map(re.escape, ExportFormat)),
    localrule: True
    conda:
        "../envs/innereye.yaml"
    threads: plan.field("num_cpu_threads")
    params:
        run=existing_run,
        epochs=plan.test_epochs,
        has_val="Val" in CROSSVAL.fold_splits,
        settings=plan.stage_settings("export"),
        window=plan.field("test_crop_size"),
        model_name=plan.model_name,
        code=lambda w: plan.code("export"),
    script:
        "../scripts/export_network.py"


rule describe_export:
    input:
        expand(f"{{{{run}}}}/{EXPORTED_MODEL}/model.{{format}}.json", format=list(ExportFormat)),
    output:
        description=f"{{run}}/{EXPORTED_MODEL}/{EXPORT_JSON}",
    log:
        "{run}/logs/describe_export.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        code=lambda w: plan.code("export"),
    script:
        "../scripts/describe_export.py"


rule export_model:
    input:
        exported_targets(),
    localrule: True
