rule segment:
    input:
        checkpoints=checkpoint_of_epoch,
        split=split_csv,
        tables=ancient(
            expand(
                "{{run}}/{name}dataset.csv",
                name=["", "train_", "val_", "test_"],
            )
        ),
    output:
        segmentations="{run}/epoch_{epoch}/{split}/segmentations.csv",
        dataset_id="{run}/epoch_{epoch}/{split}/dataset_id.txt",
        structures="{run}/epoch_{epoch}/{split}/ground_truth_ids.txt",
        channels="{run}/epoch_{epoch}/{split}/image_channel_ids.txt",
    log:
        "{run}/logs/segment_epoch_{epoch}_{split}.log",
    benchmark:
        "{run}/logs/segment_epoch_{epoch}_{split}.benchmark.tsv"
    conda:
        "../envs/innereye.yaml"
    threads: plan.field("num_cpu_threads")
    resources:
        gpu=int(plan.has_gpu),
    params:
        settings=plan.stage_settings("segment"),
        code=plan.code("segment"),
        rows=images_of_split,
    shell:
        "python \"$SCRIPTS/segment.py\" --checkpoints {input.checkpoints:q}"
        " --split_csv {input.split:q} --tables {input.tables:q}"
        " --segmentations {output.segmentations:q} --settings {params.settings:q}"
        " --machine \"$MACHINE\" --log {log:q}"
