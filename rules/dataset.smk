PHANTOMS = "datasets/HelloWorld"


rule make_phantoms:
    output:
        dataset=f"{PHANTOMS}/dataset.csv",
    log:
        f"{PHANTOMS}/make_phantoms.log",
    conda:
        "../envs/innereye.yaml"
    localrule: True
    params:
        subjects=24,
        seed=0,
    script:
        "../scripts/make_phantoms.py"


rule import_msd:
    output:
        dataset=f"{plan.import_folder}/dataset.csv",
    log:
        f"{plan.import_folder}/import_msd.log",
    conda:
        "../envs/innereye.yaml"
    localrule: True
    params:
        msd_folder=plan.msd_folder,
    script:
        "../scripts/import_msd.py"


rule write_run_information:
    output:
        args="{run}/args.txt",
        build="{run}/buildinformation.json",
    log:
        "{run}/logs/write_run_information.log",
    conda:
        "../envs/innereye.yaml"
    localrule: True
    params:
        options=plan.options,
        identity=plan.identity,
        dataset=plan.all_rows(),
        source=str(workflow.current_basedir),
    script:
        "../scripts/write_run_information.py"


rule check_dataset:
    input:
        ancient("{run}/args.txt"),
    output:
        dataset="{run}/dataset.csv",
    log:
        "{run}/logs/check_dataset.log",
    conda:
        "../envs/innereye.yaml"
    threads: 2
    params:
        settings=plan.stage_settings("check"),
        rows=plan.all_rows(),
        times=plan.times_of_files(),
        place=plan.place,
        missing=plan.missing_dataset,
        record=f"{OUTPUTS}/checked_files.json",
    script:
        "../scripts/check_dataset.py"


rule split_dataset:
    input:
        ancient("{run}/dataset.csv"),
    output:
        train="{run}/train_dataset.csv",
        val="{run}/val_dataset.csv",
        test="{run}/test_dataset.csv",
    log:
        "{run}/logs/split_dataset.log",
    conda:
        "../envs/innereye.yaml"
    localrule: True
    params:
        fold=fold_of,
        rows=lambda w: [plan.rows(fold_of(w), s) for s in ("Train", "Val", "Test")],
    shell:
        "python \"$SCRIPTS/split_dataset.py\" --config \"$CONFIG\""
        " --basedir \"$SCRIPTS/..\" --fold={params.fold} --train_csv {output.train:q}"
        " --val_csv {output.val:q} --test_csv {output.test:q} --log {log:q}"
