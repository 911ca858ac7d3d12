"""Which scan is segmented with which model, by the target segment_image?"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from innereye.configs.readers import Form, read_folder_paths, read_text
from innereye.configs.values import Folder, OptionalPath


class ScanRequest(BaseModel):
    """Keys of the target segment_image."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, protected_namespaces=()
    )

    image_file: Annotated[
        list[Path],
        BeforeValidator(read_folder_paths),
        Form("paths of images separated by commas, one a channel, or of one DICOM series"),
    ] = []
    """Scan for the target segment_image: one file a channel, or a DICOM series, a folder or a zip of it."""
    local_model: OptionalPath = None
    """Model folder for the target segment_image, such as outputs/final_model; else model_id names one."""
    download_folder: Folder = "."
    """Folder for what segment_image makes; it must exist."""
    dicom_format: Annotated[
        Literal["RTSTRUCT", "SEG"],
        BeforeValidator(lambda value: str(read_text(value)).upper()),
        Form("RTSTRUCT or SEG"),
    ] = "RTSTRUCT"
    """What segment_image writes of a DICOM series beside the NIfTI file."""
