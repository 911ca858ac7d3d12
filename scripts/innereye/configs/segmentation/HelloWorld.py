"""The first model to try: two structures in small phantoms."""

from typing import Any

from innereye.configs.segmentation.RecommendedSegmentationBase import RecommendedSegmentationBase


class HelloWorld(RecommendedSegmentationBase):
    """Two structures in phantoms that `snakemake make_phantoms` draws; trains in about a minute."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/HelloWorld",
                "image_channels": ["channel1"],
                "ground_truth_ids": ["region", "region_1"],
                "mask_id": "mask",
                "norm_method": "CT Window",
                "level": 50,
                "window": 200,
                "architecture": "UNet3D",
                "feature_channels": [8],
                "num_downsampling_paths": 3,
                "crop_size": (32, 32, 32),
                "test_crop_size": (48, 48, 48),
                "train_batch_size": 2,
                "crops_per_subject": 2,
                "num_epochs": 20,
                "l_rate": 3e-3,
                "split_proportions": (0.6, 0.2, 0.2),
                **values,
            }
        )
