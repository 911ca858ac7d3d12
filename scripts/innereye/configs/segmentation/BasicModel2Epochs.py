"""The smallest network on the lung's data set, for two epochs."""

from typing import Any

from innereye.configs.segmentation.Lung import LUNG_DATA_SET
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


class BasicModel2Epochs(SegmentationModelBase):
    """Three structures of the chest by the network 'Basic'; a trial of the pipeline, no good model."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": LUNG_DATA_SET,
                "image_channels": ["ct", "heart"],
                "ground_truth_ids": ["spinalcord", "lung_r", "lung_l"],
                "mask_id": "heart",
                "architecture": "Basic",
                "feature_channels": [2] * 8,
                "crop_size": (64, 64, 64),
                "train_batch_size": 8,
                "num_epochs": 2,
                "norm_method": "CT Window",
                "level": 50,
                "window": 200,
                "l_rate": 1e-4,
                "l_rate_scheduler": "Step",
                "l_rate_step_step_size": 1,
                "l_rate_step_gamma": 0.9,
                "use_mixed_precision": True,
                "num_dataload_workers": 1,
                "max_num_gpus": 2,
                "inference_on_val_set": True,
                "inference_on_test_set": True,
                "dataset_mountpoint": "/tmp/innereye",
                "train_subjects": ["0", "1"],
                "val_subjects": ["2"],
                "test_subjects": ["5"],
                **values,
            }
        )
