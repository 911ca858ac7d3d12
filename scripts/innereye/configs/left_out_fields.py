"""What does a user type instead of a field of InnerEye that is left out on purpose?"""

_NO_EFFECT = "'{name}' had no effect in InnerEye and is left out; remove it."
_FIELDS_WITHOUT_EFFECT = (
    "mean_teacher_alpha",
    "max_batch_grad_cam",
    "log_to_parent_run",
    "add_differences_for_features",
    "monitor_loading",
)
_IN_SETTINGS = (
    "'{name}' describes the workspace, not the model: it stands in settings.yml, where the profile "
    "azureml reads it."
)
_FIELDS_OF_SETTINGS = (
    "subscription_id",
    "tenant_id",
    "application_id",
    "workspace_name",
    "resource_group",
    "azureml_datastore",
    "cluster",
    "docker_shm_size",
)
_FROM_GIT = (
    "'{name}' is left out: what is known of a build comes from git. In settings.yml it becomes a tag "
    "of the runs in AzureML."
)
_FIELDS_FROM_GIT = (
    "build_number",
    "build_user",
    "build_user_email",
    "build_source_repository",
    "build_branch",
    "build_source_id",
    "build_source_message",
    "build_source_author",
)

_OTHERS = {
    "activation_map_layers": (
        "'activation_map_layers' is left out: no activation maps are written. Segment the images "
        "with the model folder and look at the network there."
    ),
    "avoid_process_spawn_in_data_loaders": (
        "'avoid_process_spawn_in_data_loaders' is not needed: the processes that cut crops live as "
        "long as the training; see num_dataload_workers."
    ),
    "azureml": "'azureml' is left out: call Snakemake with --profile azureml instead.",
    "categorical_feature_encoder": (
        "'categorical_feature_encoder' is left out: categories are counted in the whole data set."
    ),
    "col_type_converters": (
        "'col_type_converters' is left out: all columns are read as text, and each is converted "
        "where it is used. Convert columns in get_model_train_test_dataset_splits."
    ),
    "cross_validation_split_index": (
        "'cross_validation_split_index' is left out: one call makes all folds. For fold 2 alone ask "
        "for outputs/CrossValResults/2/report.html."
    ),
    "dataset_stats_hook": (
        "'dataset_stats_hook' is left out: how often each label occurs stands in the log of the training."
    ),
    "debug_mode": (
        "'debug_mode' is left out: for the plots of a photometric normalisation ask for the target "
        "normalize_and_visualize_dataset."
    ),
    "file_system_config": "'file_system_config' is left out: outputs_dir says where results go.",
    "hyperdrive": (
        "'hyperdrive' is left out: give number_of_cross_validation_splits, or one call of Snakemake "
        "with its own outputs_dir for each value that you want to try."
    ),
    "log_level": "'log_level' is left out: see the options --verbose and --quiet of Snakemake.",
    "max_run_duration": (
        "'max_run_duration' is an option of the profile azureml: --azureml-time-limit."
    ),
    "model_variant": "'model_variant' is left out: give a variant a class of its own.",
    "name": "'name' is left out: a model is called like its class.",
    "num_dataset_reader_workers": (
        "'num_dataset_reader_workers' is left out: a table is read at once."
    ),
    "only_register_model": (
        "'only_register_model' is left out: ask for the target outputs/final_model."
    ),
    "output_to": "'output_to' is called outputs_dir.",
    "perform_cross_validation": (
        "'perform_cross_validation' is left out: give number_of_cross_validation_splits."
    ),
    "perform_training_set_inference": (
        "'perform_training_set_inference' is called inference_on_train_set."
    ),
    "perform_validation_and_test_set_inference": (
        "'perform_validation_and_test_set_inference' became inference_on_val_set and "
        "inference_on_test_set."
    ),
    "pip_extra_index_url": (
        "'pip_extra_index_url' is left out: state the index in the file of --azureml-conda-file."
    ),
    "project_root": (
        "'project_root' is left out: paths count from the folder in which Snakemake is called."
    ),
    "pretraining_run_recovery_id": (
        "'pretraining_run_recovery_id' is left out: recover_from or run_recovery_id goes on with a run."
    ),
    "recovery_checkpoint_save_interval": (
        "'recovery_checkpoint_save_interval' is called autosave_every_n_val_epochs."
    ),
    "recovery_checkpoints_save_last_k": (
        "'recovery_checkpoints_save_last_k' is left out: the last two recovery checkpoints are kept "
        "while the training runs."
    ),
    "should_validate": (
        "'should_validate' is left out: a model is checked once, after all overrides."
    ),
    "start_epoch_checkpoint": "'start_epoch_checkpoint' is called start_epoch.",
    "store_dataset_sample": (
        "'store_dataset_sample' is left out: a crop of each step would fill the disk. patch_sampling "
        "shows where crops lie, see show_patch_sampling."
    ),
    "submit_to_azureml": (
        "'submit_to_azureml' is left out: call Snakemake with --profile azureml instead."
    ),
    "tag": "'tag' is an option of the profile azureml: --azureml-tag.",
    "tensorboard": "'tensorboard' is a target: snakemake tensorboard.",
    "use_dataset_mount": (
        "'use_dataset_mount' is left out: a data set in the cloud is always mounted."
    ),
    "use_gpu": "'use_gpu' is left out: max_num_gpus=0 keeps to the CPU.",
    "use_model_parallel": (
        "'use_model_parallel' is left out: it did nothing in InnerEye's training. A training takes "
        "all GPUs of a node (max_num_gpus), each with crops of its own; for inference on a small GPU "
        "take a smaller test_crop_size."
    ),
    "wait_for_completion": (
        "'wait_for_completion' is left out: Snakemake always waits for its jobs and fetches what they "
        "made."
    ),
}


def _each(sentence: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name: sentence.format(name=name) for name in names}


LEFT_OUT = {
    **_OTHERS,
    **_each(_NO_EFFECT, _FIELDS_WITHOUT_EFFECT),
    **_each(_IN_SETTINGS, _FIELDS_OF_SETTINGS),
    **_each(_FROM_GIT, _FIELDS_FROM_GIT),
}
"""The sentence for each name."""
