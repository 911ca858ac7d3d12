"""Which fields of a segmentation model contradict each other? Each rule returns complaints."""

from collections.abc import Callable
from math import isclose
from typing import TYPE_CHECKING

from innereye.names import (
    BACKGROUND,
    BASELINE_COMPARISONS,
    CHECKPOINTS,
    CROSSVAL_RESULTS,
    CURRENT,
    FINAL_ENSEMBLE_MODEL,
    REPORT_PICTURES,
    SCATTERPLOTS,
    LossType,
    LRScheduler,
    NormalisationLayer,
    NormMethod,
    Split,
    subject_folder,
)

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

MOST_STRUCTURES = 255
Rule = Callable[["SegmentationModelBase"], list[str]]


def is_partial(model: "SegmentationModelBase") -> list[str]:
    """A model needs channels, structures and a data set."""
    name = type(model).__name__
    missing = [
        field for field in ("image_channels", "ground_truth_ids") if not getattr(model, field)
    ]
    complaints = []
    if missing:
        passing = " ".join(f"{field}=..." for field in missing)
        complaints.append(
            f"{name} is partial: it has no {' and no '.join(missing)}. "
            f"Inherit from it, or pass {passing}"
        )
    if model.local_dataset is None and not model.azure_dataset_id:
        complaints.append(
            f"{name} has no data set. Give local_dataset=<folder with {model.dataset_csv}>, "
            "or azure_dataset_id=<folder in the cloud storage>."
        )
    return complaints


def names_are_distinct(model: "SegmentationModelBase") -> list[str]:
    """Channels, structures and the mask are told apart by their names."""
    names = [
        *model.image_channels,
        *model.ground_truth_ids,
        *([model.mask_id] if model.mask_id else []),
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    complaints = [
        f"'{name}' occurs twice among image_channels, ground_truth_ids and mask_id."
        for name in twice
    ]
    taken = [name for name in model.ground_truth_ids if is_taken(name)]
    complaints += [
        f"ground_truth_ids must not hold '{name}': a file of the results has that name."
        for name in taken
    ]
    unsafe = [name for name in model.ground_truth_ids if subject_folder(f"x{name}") != f"x{name}"]
    complaints += [
        f"The structure '{name}' cannot be a file name; use letters, digits, '.', '_' and '-'."
        for name in unsafe
    ]
    if len(model.ground_truth_ids) > MOST_STRUCTURES:
        complaints.append(
            f"ground_truth_ids holds {len(model.ground_truth_ids)} structures; volumes of one byte "
            f"have room for {MOST_STRUCTURES}."
        )
    return complaints


def is_taken(name: str) -> bool:
    """Would the mask of this structure overwrite another volume of a subject?"""
    return name in (BACKGROUND, "segmentation", "uncertainty") or name.startswith("posterior_")


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


def class_weights_fit(model: "SegmentationModelBase") -> list[str]:
    """There is one weight for each class and the background; they sum to 1."""
    weights = model.class_weights
    if weights is None:
        return []
    classes = len(model.ground_truth_ids) + 1
    if len(weights) != classes:
        return [
            f"class_weights needs {classes} numbers, background first and then one for each of "
            f"ground_truth_ids; got {len(weights)}."
        ]
    if not isclose(sum(weights), 1.0, abs_tol=1e-6):
        return [f"class_weights must sum to 1; they sum to {sum(weights):g}."]
    return []


def ranges_are_ordered(model: "SegmentationModelBase") -> list[str]:
    """The first number of a range is the lower one."""
    strict = {"output_range", "trim_percentiles"}
    fields = ("random_scaling", "random_contrast", "random_gamma", *sorted(strict))
    complaints = []
    for field in fields:
        low, high = getattr(model, field)
        if low > high or (field in strict and low == high):
            complaints.append(f"{field} needs the lower number first; got {low:g},{high:g}.")
        if field.startswith("random_") and low <= 0:
            complaints.append(f"{field} needs numbers above 0; got {low:g},{high:g}.")
    low, high = model.trim_percentiles
    if low < 0 or high > 100:
        complaints.append(f"trim_percentiles must lie between 0 and 100; got {low:g},{high:g}.")
    return complaints


def normalisation_is_complete(model: "SegmentationModelBase") -> list[str]:
    """'MRI Window' has one tail for each channel."""
    channels = len(model.image_channels)
    if model.norm_method != NormMethod.MRI_WINDOW or (model.tail and len(model.tail) == channels):
        return []
    return [f"norm_method 'MRI Window' needs tail, one number for each of {channels} channels."]


def learning_rate_is_complete(model: "SegmentationModelBase") -> list[str]:
    """The schedule has what it needs."""
    complaints = []
    if model.min_l_rate > model.l_rate:
        complaints.append(f"min_l_rate {model.min_l_rate:g} exceeds l_rate {model.l_rate:g}.")
    milestones = model.l_rate_multi_step_milestones
    ordered = bool(milestones) and sorted(set(milestones)) == milestones
    if model.l_rate_scheduler == LRScheduler.MULTI_STEP and not ordered:
        complaints.append(
            "l_rate_scheduler 'MultiStep' needs l_rate_multi_step_milestones in rising order."
        )
    if model.loss_type == LossType.MIXTURE and not model.mixture_loss_components:
        complaints.append("loss_type 'Mixture' needs mixture_loss_components.")
    if any(part[1] == LossType.MIXTURE for part in model.mixture_loss_components):
        complaints.append("mixture_loss_components must not hold a 'Mixture' itself.")
    return complaints


def epochs_exist(model: "SegmentationModelBase") -> list[str]:
    """Test epochs are among the epochs that are trained."""
    beyond = [epoch for epoch in model.test_epochs or [] if epoch > model.num_epochs]
    if not beyond:
        return []
    return [
        f"test_epochs must lie between 1 and num_epochs={model.num_epochs}; "
        f"got {','.join(map(str, beyond))}."
    ]


def split_is_possible(model: "SegmentationModelBase") -> list[str]:
    """Shares sum to 1, Train and Val are not empty; a cross-validation has two folds or more."""
    complaints = []
    train, val, test = model.split_proportions
    if not isclose(train + val + test, 1.0, abs_tol=1e-6) or train == 0 or val == 0 or test == 1:
        complaints.append(
            "split_proportions needs shares of Train, Val and Test that sum to 1, Train and Val "
            f"above 0; got {train:g},{val:g},{test:g}."
        )
    if model.number_of_cross_validation_splits == 1:
        complaints.append(
            "number_of_cross_validation_splits must be 0 (none) or at least 2; got 1."
        )
    if model.split_by_hash and model.stratify_column:
        complaints.append(
            "split_by_hash places subjects by their names alone and cannot give equal shares of "
            f"stratify_column '{model.stratify_column}'; leave one of the two out."
        )
    return complaints


def baselines_have_names(model: "SegmentationModelBase") -> list[str]:
    """Each earlier run has a folder of its own beside the run's own files."""
    names = [name for name, _ in model.comparison_blob_storage_paths]
    twice = sorted({name for name in names if names.count(name) > 1})
    complaints = [f"comparison_blob_storage_paths names '{name}' twice." for name in twice]
    wrong = [
        name for name in names if is_folder_of_run(name) or subject_folder(f"x{name}") != f"x{name}"
    ]
    return complaints + [
        f"comparison_blob_storage_paths must not name a run '{name}'; use letters, digits, '.', '_' "
        "and '-', and no name of the run's own folders."
        for name in wrong
    ]


def is_folder_of_run(name: str) -> bool:
    """Does a run's folder hold a folder of this name already?"""
    own = {*Split, CHECKPOINTS, CROSSVAL_RESULTS, BASELINE_COMPARISONS, SCATTERPLOTS, CURRENT}
    own |= {FINAL_ENSEMBLE_MODEL, REPORT_PICTURES, "logs", "final_model"}
    return name in own or name.startswith("epoch_")


RULES: tuple[Rule, ...] = (
    is_partial,
    names_are_distinct,
    sizes_fit_network,
    class_weights_fit,
    ranges_are_ordered,
    normalisation_is_complete,
    learning_rate_is_complete,
    epochs_exist,
    split_is_possible,
    baselines_have_names,
)
