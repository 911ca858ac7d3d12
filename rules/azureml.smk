# What AzureML keeps of a run beside its jobs, and what comes back from there.


# A run on this machine is a folder, whose checkpoint is copied; one in the cloud is asked for it.
rule fetch_checkpoints:
    input:
        checkpoint_to_copy,
    output:
        checkpoint=f"{{run}}/{RECOVERED_CHECKPOINT}",
    log:
        "{run}/logs/fetch_checkpoints.log",
    wildcard_constraints:
        run=CROSSVAL.trained,
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        recovery=lambda w: recovery_of(plan, w.run).fields,
        fold=fold_of,
    script:
        "../scripts/fetch_checkpoints.py"


rule register_model:
    input:
        description=model_of_member,
        card=card_of_member,
    output:
        note=f".snakemake/azureml/models/{plan.tag}/{{member}}.json",
    log:
        f".snakemake/azureml/models/{plan.tag}/{{member}}.log",
    wildcard_constraints:
        member=rf"{SINGLE}|\d+|ENSEMBLE",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        model_name=plan.model_name,
        run_folder=folder_of_member,
    script:
        "../scripts/register_model.py"


rule upload_results:
    input:
        results_of_member,
    output:
        note=f".snakemake/azureml/results/{plan.tag}/{{member}}.json",
    log:
        f".snakemake/azureml/results/{plan.tag}/{{member}}.log",
    wildcard_constraints:
        member=rf"{SINGLE}|\d+|ENSEMBLE",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        run_folder=folder_of_member,
    script:
        "../scripts/upload_results.py"


rule tensorboard:
    log:
        ".snakemake/azureml/tensorboard.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        tag=plan.tag,
        run_ids=",".join(plan.settings.run_ids),
        experiment_name=plan.settings.experiment_name or "",
        run_status=",".join(plan.settings.run_status),
        local_root=plan.settings.local_root,
        port=plan.settings.port,
        settings=str(plan.settings.settings or ""),
    shell:
        'PYTHONPATH="${params.tag}_SCRIPTS" python -m snakemake_executor_plugin_azureml.tensorboard'
        " --run_ids={params.run_ids:q} --experiment_name={params.experiment_name:q}"
        " --run_status={params.run_status:q} --local_root={params.local_root:q} --port={params.port}"
        " --settings={params.settings:q} --log={log:q}"


rule azureml_doctor:
    log:
        ".snakemake/azureml/doctor.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        conda_file=f"{SCRIPTS}/../envs/innereye.yaml",
    script:
        "../scripts/azureml_doctor.py"
