rule score:
    input:
        segmentations="{run}/epoch_{epoch}/{split}/segmentations.csv",
        split=split_csv,
    output:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
        surface="{run}/epoch_{epoch}/{split}/surface_metrics.csv",
    log:
        "{run}/logs/score_epoch_{epoch}_{split}.log",
    benchmark:
        "{run}/logs/score_epoch_{epoch}_{split}.benchmark.tsv"
    group:
        CLUSTER.group(reads_images=True)
    localrule: CLUSTER.keeps_data_here
    conda:
        "../envs/innereye.yaml"
    threads: 2
    resources:
        **CLUSTER.resources(),
    params:
        tag=plan.tag,
        settings=plan.stage_settings("score"),
        code=plan.code("score"),
        rows=rows_of_split,
        record=plan.record,
    shell:
        'python "${params.tag}_SCRIPTS/score.py" --segmentations {input.segmentations:q}'
        " --split_csv {input.split:q} --metrics {output.metrics:q} --surface {output.surface:q}"
        ' --settings {params.settings:q} --machine "${params.tag}_MACHINE" --record {params.record:q}'
        " --workers {threads} --log {log:q}"


rule aggregate:
    input:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
    output:
        aggregates="{run}/epoch_{epoch}/{split}/metrics_aggregates.csv",
    log:
        "{run}/logs/aggregate_epoch_{epoch}_{split}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        code=plan.code("aggregate"),
    script:
        "../scripts/aggregate.py"


rule find_outliers:
    input:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
    output:
        outliers="{run}/epoch_{epoch}/{split}/outliers.csv",
    log:
        "{run}/logs/find_outliers_epoch_{epoch}_{split}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        settings=plan.stage_settings("outliers"),
        code=plan.code("outliers"),
    script:
        "../scripts/find_outliers.py"


rule plot_metrics:
    input:
        metrics="{run}/epoch_{epoch}/{split}/metrics.csv",
        outliers="{run}/epoch_{epoch}/{split}/outliers.csv",
    output:
        boxplot=report(
            "{run}/epoch_{epoch}/{split}/metrics_boxplot.png",
            category="Scores",
            subcategory="{split}",
            labels={"run": "{run}", "epoch": "{epoch}", "plot": "box plot"},
        ),
    log:
        "{run}/logs/plot_metrics_epoch_{epoch}_{split}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        dpi=plan.field("plot_dpi"),
        code=plan.code("boxplot"),
    script:
        "../scripts/plot_metrics.py"


rule draw_thumbnails:
    input:
        segmentations="{run}/epoch_{epoch}/{split}/segmentations.csv",
        split=split_csv,
    output:
        index="{run}/epoch_{epoch}/{split}/thumbnails/thumbnails.csv",
    log:
        "{run}/logs/draw_thumbnails_epoch_{epoch}_{split}.log",
    group:
        CLUSTER.group(reads_images=True)
    localrule: CLUSTER.keeps_data_here
    conda:
        "../envs/innereye.yaml"
    resources:
        **CLUSTER.resources(),
    params:
        settings=plan.stage_settings("thumbnails"),
        code=plan.code("thumbnails"),
        rows=rows_of_split,
        place=lambda w: plan.place,
    script:
        "../scripts/draw_thumbnails.py"
