"""Do the sizes of crops and windows suit the network?"""

from typing import TYPE_CHECKING

from innereye.names import NormalisationLayer

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def sizes_fit_network(model: "SegmentationModelBase") -> list[str]:
    """A UNet halves the resolution, so sizes are multiples of two to its depth."""
    multiple = 2**model.num_downsampling_paths
    complaints = []
    for field in ("crop_size", "test_crop_size"):
        size = getattr(model, field)
        if size and any(length % multiple for length in size):
            complaints.append(
                f"{field} must be multiples of {multiple} "
                f"(2 to num_downsampling_paths={model.num_downsampling_paths}) for "
                f"{model.architecture}; got {size}."
            )
    if (
        model.normalisation_layer == NormalisationLayer.INSTANCE
        and model.crop_size == (multiple,) * 3
    ):
        complaints.append(
            f"crop_size {model.crop_size} leaves one voxel at the deepest level, which InstanceNorm "
            "cannot even out; use a larger crop or fewer num_downsampling_paths."
        )
    window = model.test_crop_size or model.crop_size
    stride = model.inference_stride_size
    if stride and any(step > length for step, length in zip(stride, window, strict=True)):
        complaints.append(
            f"inference_stride_size must not exceed the window {window}; got {stride}."
        )
    if model.kernel_size % 2 == 0:
        complaints.append(f"kernel_size must be odd; got {model.kernel_size}.")
    if not model.feature_channels:
        complaints.append("feature_channels needs at least one whole number, such as 32.")
    return complaints
