"""What does the target segment_image need, and what does it make?"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from innereye.configs.scan_request import ScanRequest
from innereye.errors import ConfigError, list_faults
from innereye.io.location import is_dicom
from innereye.names import MODEL_INFERENCE_CONFIG_JSON, SEGMENTATION_DCM_ZIP, SEGMENTATION_NII

FOLDER = ".snakemake/innereye"


@dataclass(frozen=True)
class Scan:
    """A scan to be segmented, and the model; `is_sent` where that happens on another machine."""

    request: ScanRequest
    model_id: str
    is_sent: bool = False

    @cached_property
    def folder(self) -> str:
        """Place of what is made on the way, the same for the same request."""
        key = f"{self.request.image_file} {self.request.local_model} {self.model_id}"
        return f"{FOLDER}/scans/{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    @property
    def sent_folder(self) -> str:
        """Copies of what is sent away: images, and a model of this machine."""
        return f"{self.folder}/sent"

    @property
    def images(self) -> list[str]:
        """The images, or their copies where they are sent away."""
        if not self.is_sent:
            return [str(path) for path in self.request.image_file]
        numbered = enumerate(self.request.image_file)
        return [f"{self.sent_folder}/{number}/{path.name}" for number, path in numbered]

    @property
    def inputs(self) -> list[str]:
        """The files and folders that the segmentation reads."""
        if self.is_sent:
            return [self.sent_folder, *([self.model_folder] if self.model_id else [])]
        return [*self.images, self.model_folder]

    @property
    def model_folder(self) -> str:
        """The model: the user's folder, a copy of it, or what is fetched from the registry."""
        if self.model_id:
            return self.registered_folder
        return f"{self.sent_folder}/model" if self.is_sent else str(self.request.local_model)

    @property
    def registered_folder(self) -> str:
        """Place of a model that comes from the registry."""
        return f"{FOLDER}/models/{self.model_id.replace(':', '_') or 'none'}"

    @property
    def is_dicom(self) -> bool:
        """Is the scan a DICOM series?"""
        return any(map(is_dicom, self.request.image_file))

    @property
    def results(self) -> list[str]:
        """The files that are made."""
        names = [SEGMENTATION_NII, *([SEGMENTATION_DCM_ZIP] if self.is_dicom else [])]
        return [f"{self.folder}/{name}" for name in names]

    def require(self) -> None:
        """Refuse a request that lacks something, or names what is not there.

        Raises:
            ConfigError: all faults.
        """
        images, model = self.request.image_file, self.request.local_model
        faults = [f"image_file: {path} does not exist" for path in images if not path.exists()]
        if not images:
            faults.append(
                "image_file names no scan; give a file for each channel, or a DICOM series"
            )
        if (model is None) == (not self.model_id):
            faults.append("one of local_model=... and model_id=NAME:VERSION names the model")
        if model is not None and not (model / MODEL_INFERENCE_CONFIG_JSON).is_file():
            faults.append(
                f"local_model: {model} is no model folder, which has {MODEL_INFERENCE_CONFIG_JSON}"
            )
        if not Path(self.request.download_folder).is_dir():
            faults.append(f"download_folder: {self.request.download_folder} is not a folder")
        if faults:
            raise ConfigError(list_faults("segment_image cannot start:", faults))
