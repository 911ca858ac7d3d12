PHANTOMS = phantom_folder(plan)


rule make_phantoms:
    output:
        dataset=f"{PHANTOMS}/dataset.csv",
    log:
        f"{PHANTOMS}/make_phantoms.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        content=phantom_content(plan),
        subjects=24,
        seed=0,
    script:
        "../scripts/make_phantoms.py"


rule import_msd:
    output:
        dataset=f"{import_folder(plan)}/dataset.csv",
    log:
        f"{import_folder(plan)}/import_msd.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        msd_folder=lambda w: msd_folder(plan),
    script:
        "../scripts/import_msd.py"


rule write_run_information:
    output:
        args="{run}/args.txt",
        build="{run}/buildinformation.json",
    log:
        "{run}/logs/write_run_information.log",
    wildcard_constraints:
        run=CROSSVAL.any_run,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        options=plan.options,
        identity=plan.identity,
        code=plan.code_of_results,
        dataset=plan.dataset.all_rows,
    script:
        "../scripts/write_run_information.py"


# No job depends on the check: a new Test subject must not train anew. It runs first, alone, and
# ends the workflow where there are faults; every split looks again at what is new.
rule check_dataset:
    output:
        **DROPPED,
        dataset="{run}/dataset.csv",
    log:
        "{run}/logs/check_dataset.log",
    wildcard_constraints:
        run=CROSSVAL.any_run,
    priority: 100
    localrule: CLUSTER.is_used
    conda:
        "../envs/innereye.yaml"
    threads: workflow.cores
    params:
        tag=plan.tag,
        is_scalar=plan.is_scalar,
        settings=plan.stage_settings("check"),
        code=plan.code("check"),
        rows=plan.dataset.all_rows,
        times=plan.dataset.times,
        place=lambda w: plan.place_of_table,
        missing=plan.dataset.missing,
        record=plan.record,
    script:
        "../scripts/check_dataset.py"


rule split_dataset:
    output:
        table="{run}/{part}_dataset.csv",
    log:
        "{run}/logs/split_dataset_{part}.log",
    wildcard_constraints:
        run=CROSSVAL.any_run,
        part="train|val|test",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        tag=plan.tag,
        settings=plan.stage_settings("check"),
        fold=fold_of,
        rows=rows_of_part,
    shell:
        'python "${params.tag}_SCRIPTS/split_dataset.py" --config "${params.tag}_CONFIG" --basedir "${params.tag}_SCRIPTS/.."'
        " --fold={params.fold} --part {wildcards.part} --table {output.table:q} --log {log:q}"


rule dataset_report:
    output:
        html=report(f"{OUTPUTS}/dataset_report.html", category="Data set"),
        statistics=f"{OUTPUTS}/dataset_statistics.csv",
        labels=f"{OUTPUTS}/label_statistics.csv",
        extremes=f"{OUTPUTS}/structure_extremes.txt",
    log:
        f"{OUTPUTS}/logs/dataset_report.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    threads: workflow.cores
    params:
        tag=plan.tag,
        settings=lambda w: plan.stage_settings("dataset_report"),
        code=lambda w: plan.code("dataset_report"),
        rows=lambda w: [plan.dataset.all_rows, plan.dataset.rows(-1, "Train", "Val", "Test")],
        place=lambda w: plan.place_of_table,
    shell:
        'python "${params.tag}_SCRIPTS/dataset_report.py" --config "${params.tag}_CONFIG" --basedir "${params.tag}_SCRIPTS/.."'
        " --html {output.html:q} --statistics {output.statistics:q} --labels {output.labels:q}"
        " --extremes {output.extremes:q} --workers {threads} --log {log:q}"


# The pictures are undeclared siblings of the table that lists them.
rule normalize_and_visualize_dataset:
    output:
        index=f"{OUTPUTS}/normalized_images/pictures.csv",
    log:
        f"{OUTPUTS}/logs/normalize_and_visualize_dataset.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    threads: workflow.cores
    params:
        tag=plan.tag,
        settings=lambda w: plan.stage_settings("normalized_images"),
        code=lambda w: plan.code("normalized_images"),
        rows=lambda w: plan.dataset.all_rows,
        place=lambda w: plan.place,
    shell:
        'python "${params.tag}_SCRIPTS/normalize_and_visualize_dataset.py" --config "${params.tag}_CONFIG" --basedir "${params.tag}_SCRIPTS/.."'
        " --index {output.index:q} --workers {threads} --log {log:q}"
