"""Anterior and posterior hippocampus in MRI: Task04 of the Medical Segmentation Decathlon."""

from typing import Any

from innereye.configs.segmentation.RecommendedSegmentationBase import RecommendedSegmentationBase


class MSDHippocampus(RecommendedSegmentationBase):
    """Two structures in cropped MRI scans of 1 mm; made for `snakemake import_msd`."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/Hippocampus",
                "image_channels": ["mri"],
                "ground_truth_ids": ["anterior", "posterior"],
                "norm_method": "Simple Norm",
                "feature_channels": [16],
                "num_downsampling_paths": 3,
                "crop_size": (40, 56, 40),
                "train_batch_size": 2,
                "num_epochs": 20,
                **values,
            }
        )
