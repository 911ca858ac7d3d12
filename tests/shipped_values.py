"""What do the shipped models state? InnerEye's values, field by field; all other fields have defaults."""

from typing import Any

LUNG_DATA = "2339eba2-8ec5-4ccb-86ff-c170470ac6e2_geonorm_with_train_test_split_2020_05_26"
LUNG_STRUCTURES = ["spinalcord", "lung_r", "lung_l", "heart", "esophagus"]
PROSTATE_STRUCTURES = [
    *("external", "femur_r", "femur_l", "rectum", "prostate", "bladder", "seminalvesicles"),
]
HEAD_AND_NECK_STRUCTURES = [
    *("external", "parotid_l", "parotid_r", "smg_l", "smg_r", "spinal_cord", "brainstem"),
    *("globe_l", "globe_r", "mandible", "spc_muscle", "mpc_muscle", "cochlea_l", "cochlea_r"),
    *("lens_l", "lens_r", "optic_chiasm", "optic_nerve_l", "optic_nerve_r", "pituitary_gland"),
    *("lacrimal_gland_l", "lacrimal_gland_r"),
]
HEAD_AND_NECK_COLOURS = [
    *([197, 215, 20], [132, 248, 207], [155, 244, 183], [111, 71, 144], [71, 48, 128]),
    *([75, 158, 50], [37, 169, 241], [51, 181, 222], [161, 104, 244], [226, 133, 31]),
    *([7, 47, 204], [0, 252, 170], [124, 166, 32], [97, 113, 122], [72, 229, 46]),
    *([41, 163, 250], [55, 154, 149], [63, 170, 104], [147, 227, 46], [197, 162, 123]),
    *([148, 94, 96], [95, 16, 133]),
]

CT = {"image_channels": ["ct"], "norm_method": "CT Window", "level": 50, "window": 600}
MRI = {"norm_method": "MRI Window", "sharpen": 2.5, "tail": [1.0], "trim_percentiles": [1, 99]}
UNET3D = {
    "architecture": "UNet3D",
    "feature_channels": [32],
    "kernel_size": 3,
    "num_downsampling_paths": 4,
    "inference_batch_size": 1,
}
TRAINING = {
    "l_rate": 1e-3,
    "l_rate_scheduler": "Polynomial",
    "l_rate_polynomial_gamma": 0.9,
    "optimizer_type": "Adam",
    "opt_eps": 1e-4,
    "adam_betas": [0.9, 0.999],
    "momentum": 0.9,
    "weight_decay": 1e-4,
    "use_mixed_precision": True,
    "loss_type": "SoftDice",
    "num_dataload_workers": 2,
    "check_exclusive": True,
}
SLOW_END = {"min_l_rate": 1e-5}
PUBLISHED_SPLIT = {"split_proportions": [0.8, 0.05, 0.15], "split_seed": 0}

PROSTATE = {
    **{**CT, **UNET3D, **TRAINING, **SLOW_END, **PUBLISHED_SPLIT},
    "crop_size": [64, 224, 224],
    "test_crop_size": [128, 512, 512],
    "inference_stride_size": [64, 256, 256],
    "train_batch_size": 2,
    "num_epochs": 120,
    "posterior_smoothing_mm": [2, 2, 3],
}
HEAD_AND_NECK = {
    **{**CT, **UNET3D, **TRAINING, **SLOW_END, **PUBLISHED_SPLIT},
    "crop_size": [96, 288, 288],
    "test_crop_size": [144, 512, 512],
    "inference_stride_size": [72, 256, 256],
    "train_batch_size": 1,
    "num_epochs": 120,
    "loss_type": "Mixture",
    "mixture_loss_components": [[0.5, "Focal", 0.2], [0.5, "SoftDice", 0.1]],
}
LUNG = {
    **{**CT, **UNET3D, **TRAINING, **SLOW_END},
    "azure_dataset_id": LUNG_DATA,
    "ground_truth_ids": LUNG_STRUCTURES,
    "level": -500,
    "window": 2200,
    "check_exclusive": False,
    "crop_size": [64, 224, 224],
    "test_crop_size": [112, 512, 512],
    "inference_stride_size": [64, 256, 256],
    "train_batch_size": 3,
    "num_epochs": 300,
}
BASIC = {
    "azure_dataset_id": LUNG_DATA,
    "image_channels": ["ct", "heart"],
    "ground_truth_ids": ["spinalcord", "lung_r", "lung_l"],
    "mask_id": "heart",
    "architecture": "Basic",
    "feature_channels": [2] * 8,
    "crop_size": [64, 64, 64],
    "train_batch_size": 8,
    "num_epochs": 2,
    "norm_method": "CT Window",
    "level": 50,
    "window": 200,
    "use_mixed_precision": True,
    "num_dataload_workers": 1,
    "l_rate": 1e-4,
    "l_rate_scheduler": "Step",
    "l_rate_step_step_size": 1,
    "l_rate_step_gamma": 0.9,
    "inference_on_val_set": True,
    "inference_on_test_set": True,
    "dataset_mountpoint": "/tmp/innereye",
    "max_num_gpus": 2,
    "train_subjects": ["0", "1"],
    "val_subjects": ["2"],
    "test_subjects": ["5"],
}

# What a class states before overrides.
STATED: dict[str, dict[str, Any]] = {
    "ProstateBase": PROSTATE,
    "ProstatePaper": {**PROSTATE, "ground_truth_ids": PROSTATE_STRUCTURES},
    "HeadAndNeckBase": HEAD_AND_NECK,
    "HeadAndNeckPaper": {
        **HEAD_AND_NECK,
        "feature_channels": [26],
        "ground_truth_ids": HEAD_AND_NECK_STRUCTURES,
    },
    "GbmBase": {
        **{**MRI, **UNET3D, **TRAINING},
        "image_channels": ["mr"],
        "ground_truth_ids": ["tumour_mass"],
        "crop_size": [64, 192, 160],
        "test_crop_size": [256, 320, 320],
        "inference_stride_size": [128, 160, 160],
        "train_batch_size": 8,
        "num_epochs": 200,
        "min_l_rate": 0,
        "split_by_institution": True,
        "split_proportions": [0.6, 0.2, 0.2],
        "split_seed": 0,
    },
    "Lung": LUNG,
    "LungRegression": {
        **LUNG,
        "azure_dataset_id": "lung_for_regression_test_11_2022",
        "test_crop_size": [64, 256, 256],
        "num_epochs": 25,
        "pl_deterministic": True,
        "train_subjects": [*"0123456789"],
        "val_subjects": ["10", "11"],
        "test_subjects": ["12"],
    },
    "Hippocampus": {
        **{**MRI, **UNET3D, **TRAINING},
        "azure_dataset_id": "adni_hippocampus_L-R_split_minus_holdout",
        "image_channels": ["mri"],
        "ground_truth_ids": ["hippocampus_L", "hippocampus_R"],
        "feature_channels": [16],
        "crop_size": [128, 176, 176],
        "train_batch_size": 2,
        "num_epochs": 200,
        "num_dataload_workers": 12,
        "min_l_rate": 0,
        "split_proportions": [0.8, 0.1, 0.1],
        "split_seed": 0,
        "group_column": "groupID",
    },
    "BasicModel2Epochs": BASIC,
    "BasicModel2Epochs1Channel": {**BASIC, "image_channels": ["ct"]},
    "BasicModel2EpochsMoreData": {
        **BASIC,
        "train_subjects": [*"0123"],
        "val_subjects": ["8", "9"],
        "test_subjects": [*"4567"],
    },
    "BasicModelForEnsembleTest": {**BASIC, "inference_on_val_set": None},
    "PassThroughModel": {
        "azure_dataset_id": LUNG_DATA,
        "image_channels": ["ct"],
        "ground_truth_ids": LUNG_STRUCTURES,
        "architecture": "PassThrough",
        "feature_channels": [1],
        "crop_size": [64, 224, 224],
        "train_batch_size": 4,
        "inference_batch_size": 1,
        "num_epochs": 1,
        "num_dataload_workers": 1,
        "max_num_gpus": 1,
        "train_subjects": ["1"],
        "val_subjects": ["3"],
        "test_subjects": ["2"],
    },
}

RED, WHITE = [255, 0, 0], [255, 255, 255]
LUNG_NAMES = ["SpinalCord", "Lung_R", "Lung_L", "Heart", "Esophagus"]

# What follows from the structures when all overrides are known.
DERIVED: dict[str, dict[str, Any]] = {
    "ProstatePaper": {
        "class_weights": [0.02, *[0.14] * 7],
        "ground_truth_ids_display_names": [
            *("zz_External", "zz_Femur_R", "zz_Femur_L", "zz_Rectum", "zz_Prostate"),
            *("zz_Bladder", "zz_SeminalVesicles"),
        ],
        "colours": [RED] * 7,
        "fill_holes": [True, True, True, True, True, False, True],
        "roi_interpreted_types": ["ORGAN"] * 7,
        "largest_connected_component_foreground_classes": PROSTATE_STRUCTURES[:-1],
        "slice_exclusion_rules": [],
        "summed_probability_rules": [],
    },
    "HeadAndNeckPaper": {
        "class_weights": [0.02, *[0.98 / 22] * 22],
        "ground_truth_ids_display_names": [f"zz_{name}" for name in HEAD_AND_NECK_STRUCTURES],
        "colours": HEAD_AND_NECK_COLOURS,
        "fill_holes": [True] * 22,
        "roi_interpreted_types": ["ORGAN"] * 22,
        "largest_connected_component_foreground_classes": HEAD_AND_NECK_STRUCTURES,
        "slice_exclusion_rules": [
            ["brainstem", "spinal_cord", False],
            ["spc_muscle", "mpc_muscle", False],
            ["optic_chiasm", "pituitary_gland", True],
        ],
        "summed_probability_rules": [
            ["spinal_cord", "brainstem", "external"],
            ["mpc_muscle", "spc_muscle", "external"],
            ["optic_chiasm", "pituitary_gland", "external"],
        ],
    },
    "GbmBase": {
        "class_weights": [0.5, 0.5],
        "ground_truth_ids_display_names": ["tumour_mass"],
        "colours": [WHITE],
        "fill_holes": [False],
        "largest_connected_component_foreground_classes": None,
    },
    "Lung": {
        "class_weights": [0.02, *[0.196] * 5],
        "ground_truth_ids_display_names": LUNG_NAMES,
        "colours": [WHITE] * 5,
        "fill_holes": [False] * 5,
        "largest_connected_component_foreground_classes": ["lung_l", "lung_r", "heart"],
    },
    "Hippocampus": {
        "class_weights": [1 / 3] * 3,
        "ground_truth_ids_display_names": ["hippocampus_L", "hippocampus_R"],
        "colours": [WHITE] * 2,
        "fill_holes": [False] * 2,
        "test_crop_size": [128, 176, 176],
        "inference_stride_size": [128, 176, 176],
        "largest_connected_component_foreground_classes": None,
    },
    "BasicModel2Epochs": {
        "class_weights": [0.25] * 4,
        "test_crop_size": [64, 64, 64],
        "inference_stride_size": [36, 36, 36],
    },
    "PassThroughModel": {
        "class_weights": [0.02, *[0.196] * 5],
        "ground_truth_ids_display_names": LUNG_NAMES,
        "colours": HEAD_AND_NECK_COLOURS[:5],
        "test_crop_size": [64, 224, 224],
        "inference_stride_size": [64, 224, 224],
    },
}
