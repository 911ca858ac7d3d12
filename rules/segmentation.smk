# What networks see in full images.


rule segment:
    input:
        checkpoints=checkpoints_of_epoch,
        split=split_csv,
    output:
        segmentations="{run}/epoch_{epoch}/{split}/segmentations.csv",
    log:
        "{run}/logs/segment_epoch_{epoch}_{split}.log",
    benchmark:
        "{run}/logs/segment_epoch_{epoch}_{split}.benchmark.tsv"
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
        settings=lambda w: plan.stage_settings(
            "ensemble" if w.run == CROSSVAL.ensemble or not plan.trains else "segment"
        ),
        code=plan.code("segment"),
        rows=images_of_split,
    shell:
        'python "${params.tag}_SCRIPTS/segment.py" --checkpoints {input.checkpoints:q}'
        " --split_csv {input.split:q} --segmentations {output.segmentations:q} --settings {params.settings:q}"
        ' --machine "${params.tag}_MACHINE" --log {log:q}'


rule describe_results:
    input:
        tables=expand("{{run}}/{name}dataset.csv", name=["", "train_", "val_", "test_"]),
    output:
        dataset_id="{run}/epoch_{epoch}/{split}/dataset_id.txt",
        structures="{run}/epoch_{epoch}/{split}/ground_truth_ids.txt",
        channels="{run}/epoch_{epoch}/{split}/image_channel_ids.txt",
        tables=expand(
            "{{run}}/epoch_{{epoch}}/{{split}}/{name}dataset.csv",
            name=["", "train_", "val_", "test_"],
        ),
    log:
        "{run}/logs/describe_results_epoch_{epoch}_{split}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        dataset_id=plan.field("azure_dataset_id"),
        structures=plan.field("ground_truth_ids"),
        channels=plan.field("image_channels"),
    script:
        "../scripts/describe_results.py"


include: "metrics.smk"
include: "report.smk"
include: "crossval.smk"
include: "export.smk"
include: "scan.smk"
include: "baselines.smk"
include: "comparison.smk"


# A rule that inherits does not inherit its place; on a cluster only what costs leaves this machine.
localrules:
    report_ensemble,
    compute_baseline_statistics,
    draw_baseline_scatterplots,
    collect_ensemble_baselines,
    compute_ensemble_baseline_statistics,
    draw_ensemble_baseline_scatterplots,
    compute_comparison_statistics,
    find_comparison_outliers,
    plot_compared_splits,
    draw_compared_scatterplots,
