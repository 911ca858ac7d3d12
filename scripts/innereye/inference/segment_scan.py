"""What does a packaged model see in one scan? A segmentation, as NIfTI and as DICOM."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from innereye.configs.stages.scan import ScanSettings
from innereye.data.dataset import Subject
from innereye.data.sample import load_sample
from innereye.errors import ConfigError, ImageError, list_faults
from innereye.inference.ensemble import Members
from innereye.inference.found_checkpoints import checkpoints_of
from innereye.inference.model_settings import read_model_settings
from innereye.inference.predict import predict
from innereye.inference.scan_as_dicom import DicomRequest, write_as_nifti, write_dicom
from innereye.inference.scratch import Scratch
from innereye.inference.segment import normalisation_of
from innereye.io.dicom import find_series
from innereye.io.geometry import Image
from innereye.io.image import read_geometry, write_image
from innereye.io.location import is_dicom
from innereye.models.device import claimed_device
from innereye.names import SEGMENTATION_NII

logger = logging.getLogger(__name__)

SCAN = "of the scan"


@dataclass(frozen=True)
class ScanResult:
    """Where the segmentation of a scan goes: a NIfTI file, and a zip of DICOM for a DICOM scan."""

    folder: Path
    image_name: str = SEGMENTATION_NII
    dicom: DicomRequest = field(default_factory=DicomRequest)

    @property
    def image(self) -> Path:
        """The NIfTI file."""
        return self.folder / self.image_name


def segment_scan(
    images: Sequence[Path], *, model_folder: Path, result: ScanResult, max_num_gpus: int = -1
) -> None:
    """Segment a scan with the model of a folder: one file a channel, in the order of the model's.

    A DICOM series, a folder or a zip of it, gives DICOM beside the NIfTI file.

    Raises:
        InnerEyeError: the folder holds no model that works, or the images are not what it takes.
    """
    settings = read_model_settings(model_folder, max_num_gpus=max_num_gpus)
    require_channels(images, settings)
    torch.set_num_threads(settings.num_cpu_threads)
    result.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".scan_", dir=result.folder) as folder:
        scratch = Path(folder)
        series = find_series(images[0], scratch / "series") if is_dicom(images[0]) else None
        files = list(images) if series is None else [write_as_nifti(series, scratch)]
        segmentation = _segmentation(files, model_folder, settings, scratch)
        if series is not None:
            write_dicom(segmentation.array, series, settings, result.folder, result.dicom)
        _write(result.image, segmentation, files[0])
    _tell(segmentation, settings, result.image)


def require_channels(images: Sequence[Path], settings: ScanSettings) -> None:
    """Refuse images of another number than the model has channels, missing ones, and DICOM of several.

    Raises:
        ConfigError: all that is wrong.
    """
    names = settings.image_channels
    faults = [f"{path} does not exist" for path in images if not path.exists()]
    if len(images) != len(names):
        faults.append(f"{len(images)} files came; the model takes {len(names)}: {', '.join(names)}")
    if len(images) > 1 and any(map(is_dicom, images)):
        faults.append(
            "a DICOM series came among several files; several channels are read from NIfTI"
        )
    if faults:
        raise ConfigError(list_faults("The scan cannot be segmented:", faults))


def _segmentation(
    files: Sequence[Path], model_folder: Path, settings: ScanSettings, scratch: Path
) -> Image:
    """Return the classes of a scan, uint8, on the grid of its first file."""
    members = Members(checkpoints_of(model_folder), settings)
    subject = Subject(SCAN, dict(zip(settings.image_channels, files, strict=True)), {})
    _require_one_grid(subject)
    sample = load_sample(
        subject,
        normalisation_of(settings),
        with_labels=False,
        resample_spacing_zyx_mm=settings.resample_spacing_zyx_mm,
        dataset_expected_spacing_xyz=settings.dataset_expected_spacing_xyz,
    )
    with claimed_device(settings.max_num_gpus) as device:
        members.to(device)
        prediction = predict(members, sample, settings, device, Scratch(scratch))
    return Image(prediction.segmentation, sample.own_geometry)


def _require_one_grid(subject: Subject) -> None:
    grids = {path: read_geometry(path) for path in subject.images.values()}
    first, *others = grids
    faults = [
        f"{path} against {first}: {', '.join(differences)}"
        for path in others
        if (differences := grids[path].differences(grids[first]))
    ]
    if faults:
        raise ImageError(list_faults("The channels of the scan lie on different grids:", faults))


def _write(path: Path, segmentation: Image, scan: Path) -> None:
    """Write the segmentation, and look whether the file lies where the scan does."""
    write_image(path, segmentation.array, segmentation.geometry)
    if differences := read_geometry(path).differences(read_geometry(scan)):
        path.unlink()
        raise ImageError(f"{path} does not lie on the scan {scan}: {', '.join(differences)}.")


def _tell(segmentation: Image, settings: ScanSettings, path: Path) -> None:
    names = settings.ground_truth_ids
    counts = np.bincount(segmentation.array.ravel(), minlength=len(names) + 1)[1:]
    ml = float(np.prod(segmentation.geometry.spacing_zyx_mm)) / 1000
    found = [f"{name} {count * ml:.1f} ml" for name, count in zip(names, counts, strict=True)]
    logger.info("Wrote %s: %s.", path, ", ".join(found))
