"""Do the shape of the network and the sizes of crops and windows suit each other?"""

from typing import TYPE_CHECKING

from innereye.architectures import HALVED_AXES, NetworkSizes, shape_faults, sizes_of
from innereye.names import NormalisationLayer

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def sizes_fit_network(model: "SegmentationModelBase") -> list[str]:
    """The network can be built, takes crops and windows, and windows leave no gaps."""
    complaints = shape_faults(
        model.architecture,
        feature_channels=model.feature_channels,
        kernel_size=model.kernel_size,
        num_residual_blocks=model.num_residual_blocks,
        deep_supervision=model.deep_supervision,
    )
    sizes = sizes_of(
        model.architecture,
        kernel_size=model.kernel_size,
        num_downsampling_paths=model.num_downsampling_paths,
    )
    unfit = _sizes_that_do_not_fit(model, sizes)
    complaints += unfit or [*_one_voxel(model, sizes), *_wrong_center(model, sizes)]
    if "test_crop_size" in " ".join(unfit):
        return complaints
    return complaints + _wide_stride(model, sizes)


def _sizes_that_do_not_fit(model: "SegmentationModelBase", sizes: NetworkSizes) -> list[str]:
    depth = model.num_downsampling_paths
    reason = f" (2 to num_downsampling_paths={depth})" if model.architecture in HALVED_AXES else ""
    return [
        f"{field} must be {sizes.demand()}{reason} for {model.architecture}; got {size}."
        for field in ("crop_size", "test_crop_size")
        if (size := getattr(model, field)) and not sizes.takes(size)
    ]


def _one_voxel(model: "SegmentationModelBase", sizes: NetworkSizes) -> list[str]:
    """Complain of a deepest level of one voxel, which InstanceNorm would make 0."""
    if (
        model.normalisation_layer != NormalisationLayer.INSTANCE
        or model.architecture not in HALVED_AXES
    ):
        return []
    return [
        f"{field} {sizes.minimum} leaves one voxel at the deepest level, which InstanceNorm cannot "
        "even out; use a larger one or fewer num_downsampling_paths."
        for field in ("crop_size", "test_crop_size")
        if getattr(model, field) == sizes.minimum
    ]


def _wrong_center(model: "SegmentationModelBase", sizes: NetworkSizes) -> list[str]:
    center, output = model.center_size, sizes.output_size(model.crop_size)
    if center is None:
        return []
    if output == model.crop_size and center != output:
        return [
            f"center_size must be crop_size {model.crop_size} for {model.architecture}, or None; "
            f"got {center}."
        ]
    if any(length > most for length, most in zip(center, output, strict=True)):
        return [
            f"center_size must not exceed {output}, what {model.architecture} gives for crop_size "
            f"{model.crop_size}; got {center}."
        ]
    return []


def _wide_stride(model: "SegmentationModelBase", sizes: NetworkSizes) -> list[str]:
    window = model.test_crop_size or model.crop_size
    output, stride = sizes.output_size(window), model.inference_stride_size
    if stride is None or all(step <= length for step, length in zip(stride, output, strict=True)):
        return []
    if output == window:
        return [f"inference_stride_size must not exceed the window {window}; got {stride}."]
    return [
        f"inference_stride_size must not exceed {output}, what {model.architecture} gives for the "
        f"window {window}; got {stride}."
    ]
