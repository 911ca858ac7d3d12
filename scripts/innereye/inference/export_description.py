"""What must another program know of an exported network? Its input, its output, and its check."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from innereye.architectures import NetworkSizes
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.stages.export import ExportSettings
from innereye.inference.export_check import TOLERANCE, Compared
from innereye.inference.export_formats import (
    INPUT_NAME,
    ONNX_OPSET,
    OUTPUT_NAME,
    library_versions,
)
from innereye.io.files import atomic_write
from innereye.names import BACKGROUND, ExportFormat, NormMethod
from innereye.provenance.files import sha256_of

FILES = "files"
NOT_IN_THE_FILE = (
    "Resampling and normalisation of the full image, windows that slide over it, mirrored windows, and "
    "post-processing are not in the file: it is the network for one window."
)


def model_facts(
    settings: ExportSettings, sizes: NetworkSizes, checkpoint: Path, model_name: str
) -> dict[str, Any]:
    """Return what holds for a network in every format; plain values."""
    classes = [BACKGROUND, *settings.ground_truth_ids]
    return {
        "model": model_name,
        "architecture": settings.architecture,
        "checkpoint": {"file": checkpoint.name, "sha256": sha256_of(checkpoint)},
        "input": {
            "name": INPUT_NAME,
            "type": "float32",
            "axes": ["batch", "channel", "z", "y", "x"],
            "channels": settings.image_channels,
            "normalisation": normalisation_in_words(settings),
            "normalisation_fields": _fields(settings),
            "spacing_zyx_mm": settings.resample_spacing_zyx_mm or "as it is in the images",
            "sizes_zyx": {
                "multiples_of": sizes.multiple,
                "at_least": sizes.minimum,
                "output_is_smaller_by": sizes.shrinkage,
            },
        },
        "output": {
            "name": OUTPUT_NAME,
            "type": "float32",
            "axes": ["batch", "class", "z", "y", "x"],
            "meaning": "posteriors: probabilities (softmax of the logits), which sum to 1 over classes",
            "classes": classes,
        },
        "not_in_the_file": NOT_IN_THE_FILE,
    }


def file_facts(
    path: Path, export_format: ExportFormat, checked: Sequence[Compared]
) -> dict[str, Any]:
    """Return what holds for the file of one format; plain values."""
    opset = {"opset": ONNX_OPSET} if export_format == ExportFormat.ONNX else {}
    return {
        "file": path.name,
        "sha256": sha256_of(path),
        **opset,
        "versions": library_versions(export_format),
        "check": {
            "against": "the network in PyTorch, float32, on the CPU",
            "tolerance": TOLERANCE,
            "largest_difference": max(each.largest_difference for each in checked),
            "share_of_other_classes": max(each.share_of_other_classes for each in checked),
            "inputs": [asdict(each) for each in checked],
        },
    }


def write_description(path: Path, facts: dict[str, Any], files: Sequence[dict[str, Any]]) -> None:
    """Write the facts of a network and of its files as JSON."""
    with atomic_write(path) as temporary:
        text = json.dumps({**facts, FILES: list(files)}, indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def describe_export(parts: Sequence[Path], path: Path) -> None:
    """Join the descriptions of the formats of one network: one `files` entry for each."""
    contents = [json.loads(part.read_text("utf-8")) for part in parts]
    files = [file for content in contents for file in content.pop(FILES)]
    write_description(path, contents[0], files)


def normalisation_in_words(settings: NormalisationFields) -> str:
    """Say what is done to the grey values of a full image, channel by channel, before windows are cut."""
    low, high = settings.output_range
    to_range = f"are mapped linearly to {low:g} and {high:g}, and what lies beyond is clipped"
    match settings.norm_method:
        case NormMethod.UNCHANGED:
            return "None: the grey values as they are."
        case NormMethod.SIMPLE:
            return (
                "Simple Norm: minus the mean, divided by the standard deviation (/ n) of the voxels "
                "inside the mask, or of all."
            )
        case NormMethod.CT_WINDOW:
            half = settings.window / 2
            ends = f"{settings.level - half:g} and {settings.level + half:g}"
            return f"CT Window: {ends} (Hounsfield units) {to_range}."
        case NormMethod.MRI_WINDOW:
            return (
                "MRI Window: of the voxels above Otsu's threshold t, with median m and deviation "
                "s = (q3 - q1) / 1.349, max(m - sharpen s, t) and "
                f"min(m + tail sharpen s, highest voxel) {to_range}."
            )
        case NormMethod.TRIMMED:
            return (
                "Trimmed Norm: of the voxels inside the mask, or of all, between the trim_percentiles, "
                "with median m and deviation s = (q3 - q1) / 1.349, max(m - sharpen s, lowest) and "
                f"min(m + sharpen s, highest) {to_range}; voxels outside the mask become {low:g}."
            )


def _fields(settings: ExportSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json", include=set(NormalisationFields.model_fields))
