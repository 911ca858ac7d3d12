# Finished runs side by side, without touching them.


rule collect_runs:
    input:
        COMPARED.source_files,
    output:
        **COMPARED.analysis.collected,
    log:
        f"{COMPARED.analysis.folder}/logs/collect_runs.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        runs=COMPARED.sources,
        modes=COMPARED.analysis.modes,
        ignore_subjects=plan.field("ignore_subjects"),
        code=plan.code("collect"),
    script:
        "../scripts/collect_runs.py"


use rule compute_statistics as compute_comparison_statistics with:
    input:
        table=COMPARED.analysis.table,
    output:
        **COMPARED.analysis.statistics,
    log:
        f"{COMPARED.analysis.folder}/logs/compute_statistics.log",
    params:
        settings=plan.stage_settings("statistics"),
        against=COMPARED.analysis.against,
        only_shared_subjects=True,
        code=plan.code("statistics"),


use rule find_run_outliers as find_comparison_outliers with:
    input:
        table=COMPARED.analysis.table,
    output:
        **COMPARED.analysis.outliers,
    log:
        f"{COMPARED.analysis.folder}/logs/find_run_outliers.log",
    params:
        settings=plan.stage_settings("outliers"),
        modes=COMPARED.analysis.modes,
        code=plan.code("run_outliers"),


use rule plot_splits as plot_compared_splits with:
    input:
        table=COMPARED.analysis.table,
    output:
        COMPARED.analysis.split_plots,
    log:
        f"{COMPARED.analysis.folder}/logs/plot_splits.log",
    params:
        modes=COMPARED.analysis.modes,
        structures=COMPARED.analysis.structures,
        epoch=COMPARED.epoch,
        dpi=plan.field("plot_dpi"),
        code=plan.code("split_plots"),


use rule draw_scatterplots as draw_compared_scatterplots with:
    input:
        table=COMPARED.analysis.table,
    output:
        COMPARED.analysis.scatterplots,
    log:
        f"{COMPARED.analysis.folder}/logs/draw_scatterplots.log",
    params:
        pairs=COMPARED.analysis.pairs,
        mode=plan.field("evaluation_set_name"),
        dpi=plan.field("plot_dpi"),
        code=plan.code("scatterplots"),


rule compare_runs:
    input:
        compared_files,
    localrule: True


rule plot_cross_validation:
    input:
        compared_files,
    localrule: True
