# One scan, segmented with a model folder or a registered model. Nothing of it stays but the result.

SCAN = plan.scan(is_sent=ON_CLUSTER or plan.is_on_node)


rule fetch_model:
    output:
        folder=temp(directory(SCAN.registered_folder)),
    log:
        f"{SCAN.registered_folder}.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        model_id=plan.field("model_id"),
    script:
        "../scripts/fetch_model.py"


# What is sent to a cluster lies below the working folder.
rule send_scan:
    output:
        folder=temp(directory(SCAN.sent_folder)),
    log:
        f"{SCAN.folder}/send_scan.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        images=plan.scan().images,
        copies=SCAN.images,
        model=lambda w: str(plan.settings.local_model or ""),
    script:
        "../scripts/send_scan.py"


rule segment_scan:
    input:
        SCAN.inputs,
    output:
        [temp(path) for path in SCAN.results],
    log:
        f"{SCAN.folder}/segment_scan.log",
    conda:
        "../envs/innereye.yaml"
    resources:
        **CLUSTER.resources_of_scan,
        gpu=int(plan.has_gpu),
    params:
        tag=plan.tag,
        images=SCAN.images,
        model=lambda w: SCAN.model_folder,
        model_id=plan.field("model_id"),
        folder=lambda w: SCAN.folder,
        dicom_format=plan.settings.dicom_format,
    shell:
        'python "${params.tag}_SCRIPTS/segment_scan.py" --image_files {params.images:q}'
        " --model_folder {params.model:q} --model_id={params.model_id:q} --result_folder {params.folder:q}"
        f" --dicom_format {{params.dicom_format}} --use_gpu {plan.has_gpu} --log {{log:q}}"


rule segment_image:
    input:
        SCAN.results,
    log:
        f"{SCAN.folder}/segment_image.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        tag=plan.tag,
        folder=lambda w: plan.settings.download_folder,
    shell:
        'python "${params.tag}_SCRIPTS/segment_image.py" {input:q} --folder {params.folder:q} --log {log:q}'
