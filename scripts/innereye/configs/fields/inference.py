"""How is a full image segmented, and what is mended in the result?"""

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from innereye.configs.fields.base import Fields
from innereye.configs.readers import (
    Form,
    choice_of,
    choices,
    optional,
    read_items,
    read_nested,
    read_number,
    read_text,
)
from innereye.configs.values import Bool, Count, Finite, OptionalSize, RealFromZero
from innereye.names import Axis, InferenceBlending

Name = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]
ComponentShare = Annotated[Finite, BeforeValidator(read_number), Field(gt=0, le=0.5)]


class LargestComponent(NamedTuple):
    """A structure whose small parts are removed: below this share of it; None keeps the largest."""

    structure: Name
    threshold: ComponentShare | None = None


class SliceExclusionRule(NamedTuple):
    """Two structures, one above the other along Z, that share no slice."""

    higher_class: Name
    lower_class: Name
    higher_dominates: Bool


class SummedProbabilityRule(NamedTuple):
    """Two structures that together may win a voxel from an external one."""

    first_class: Name
    second_class: Name
    external_class: Name


def read_largest_components(value: object) -> object:
    """Read names, `name, name`, or names with thresholds, `[[name, 0.1], name]`, in any mixture."""
    if isinstance(value, str) and not set(value) & set("([{"):
        value = read_items(value)
    elif isinstance(value, str) or (
        isinstance(value, list)
        and any(set(item) & set("([{") for item in value if isinstance(item, str))
    ):
        value = read_nested(value)
    if not isinstance(value, list | tuple):
        return value
    return [(item,) if isinstance(item, str) else item for item in value]


def default_stride(
    output: tuple[int, int, int], blending: InferenceBlending
) -> tuple[int, int, int]:
    """Return the step of a window with such an output: as large; half of it where windows blend."""
    if blending != InferenceBlending.GAUSSIAN:
        return output
    z, y, x = ((length + 1) // 2 for length in output)
    return z, y, x


class InferenceFields(Fields):
    """How a full image is segmented."""

    test_crop_size: OptionalSize = None
    """Size of the window that slides over the image (z,y,x); None means crop_size."""
    inference_stride_size: OptionalSize = None
    """Step of the window (z,y,x); None means windows side by side, half a window for 'Gaussian'."""
    inference_batch_size: Count = 8
    """Windows in one forward pass."""
    inference_blending: Annotated[
        InferenceBlending, choice_of(InferenceBlending), choices(InferenceBlending)
    ] = InferenceBlending.CROP
    """Where windows overlap: 'Crop' takes the nearest window, 'Gaussian' a mean that favours centres."""
    inference_mirror_axes: Annotated[
        list[Annotated[Axis, choice_of(Axis)]],
        BeforeValidator(read_items),
        Form("axes out of z, y and x, such as x or z,y,x"),
    ] = []
    """Axes on which each window is also segmented mirrored, for a mean; each doubles the time."""


class PostProcessingFields(Fields):
    """What is mended in posteriors and segmentations, in this order, for ensembles as well."""

    posterior_smoothing_mm: Annotated[
        tuple[RealFromZero, RealFromZero, RealFromZero] | None,
        optional(read_items),
        Form("three numbers of at least 0 in the order z,y,x, such as 3,2,2, or None"),
    ] = None
    """Standard deviation in mm (z,y,x) of a Gaussian that smooths the posteriors; None means no."""
    summed_probability_rules: Annotated[
        list[SummedProbabilityRule],
        BeforeValidator(read_nested),
        Form(
            "rules of three structures, first, second and external, such as [[rectum, bladder, body]]"
        ),
    ] = []
    """Voxels of the external structure go to the likelier of two whose posteriors together exceed its."""
    largest_connected_component_foreground_classes: Annotated[
        list[LargestComponent] | None,
        optional(read_largest_components),
        Form(
            "names of structures, each perhaps with a threshold above 0 and up to 0.5, such as "
            "liver or [[liver, 0.1], spleen], or None"
        ),
    ] = None
    """Structures that keep their largest part only, or all parts from a share of their voxels on."""
    slice_exclusion_rules: Annotated[
        list[SliceExclusionRule],
        BeforeValidator(read_nested),
        Form(
            "rules of two structures, higher and lower along Z, and whether the higher dominates, "
            "such as [[prostate, rectum, True]]"
        ),
    ] = []
    """In slices from the lowest of one structure to the highest of another, one of them takes all."""
    disable_extra_postprocessing: Bool = False
    """Leave out slice_exclusion_rules and summed_probability_rules."""
