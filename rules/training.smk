rule train_model:
    input:
        train=lambda w: f"{trained_run(w)}/train_dataset.csv",
        val=lambda w: f"{existing_run(w)}/val_dataset.csv",
        initial=initial_checkpoint,
        encoder=PRETRAINED,
    output:
        checkpoints=expand("{{run}}/checkpoints/epoch_{epoch}.ckpt", epoch=plan.test_epochs),
        last="{run}/checkpoints/last.ckpt",
        train_metrics="{run}/Train/epoch_metrics.csv",
        val_metrics="{run}/Val/epoch_metrics.csv",
    log:
        "{run}/logs/train_model.log",
    benchmark:
        "{run}/logs/train_model.benchmark.tsv"
    wildcard_constraints:
        run=CROSSVAL.trained,
    group:
        CLUSTER.group(trains=True)
    conda:
        "../envs/innereye.yaml"
    threads: plan.field("num_cpu_threads")
    resources:
        **CLUSTER.resources(trains=True),
        gpu=int(plan.has_gpu),
    params:
        tag=plan.tag,
        settings=plan.stage_settings("train"),
        code=plan.code("train"),
        rows=lambda w: plan.dataset.rows(fold_of(w), "Train", "Val"),
        fold=fold_of,
    shell:
        'python "${params.tag}_SCRIPTS/train_model.py" --train_csv {input.train:q} --val_csv {input.val:q}'
        " --run_folder {wildcards.run:q} --fold={params.fold} --settings {params.settings:q}"
        ' --machine "${params.tag}_MACHINE" --fingerprint {params.code}-{params.rows} --log {log:q}'
        + WITH_CLASS
        + (" --initial_checkpoint {input.initial:q}" if source_of(plan) else "")


# The training waits for no picture.
rule show_patch_sampling:
    input:
        train=lambda w: f"{existing_run(w)}/train_dataset.csv",
    output:
        index="{run}/patch_sampling/patch_sampling.csv",
    log:
        "{run}/logs/show_patch_sampling.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: CLUSTER.is_used
    conda:
        "../envs/innereye.yaml"
    params:
        settings=lambda w: plan.stage_settings("patch_sampling"),
        code=lambda w: plan.code("patch_sampling"),
        rows=lambda w: plan.dataset.rows(fold_of(w), "Train"),
        place=lambda w: plan.place,
    script:
        "../scripts/show_patch_sampling.py"


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
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        dpi=plan.field("plot_dpi"),
        code=plan.code("curves"),
    script:
        "../scripts/plot_training.py"
