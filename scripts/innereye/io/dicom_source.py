"""What does a DICOM file about a series take over from it? Patient, study, references and dates."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.uid import generate_uid
from pydicom.valuerep import DSfloat

from innereye.errors import ImageError, list_faults
from innereye.io.dicom import Series
from innereye.io.dicom_labels import Origin
from innereye.io.files import atomic_write
from innereye.io.geometry import Image

REFERRED_TO = ("StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID")
TEXTS = ("PatientID", "AccessionNumber", "StudyID", "StudyDescription")
NAMES = ("PatientName", "ReferringPhysicianName")
DATES, TIMES = ("PatientBirthDate", "StudyDate"), ("StudyTime",)
TAKEN_OVER = (*TEXTS, *NAMES, *DATES, *TIMES, "PatientSex", "StudyInstanceUID")
SEXES = ("M", "F", "O")
DATE = re.compile(r"\d{8}")
TIME = re.compile(r"\d{6}(\.\d{1,6})?|\d{2}|\d{4}")
UTF_8 = "ISO_IR 192"
NO_DATE = datetime(1900, 1, 1)  # where neither the series nor the caller knows one


def read_headers(series: Series) -> Sequence[Dataset]:
    """Return the headers of the slices in order; what they hold of patient and study can be copied.

    Texts that DICOM does not allow there, such as a date with dots, are empty in the result.

    Raises:
        ImageError: a slice has no number of its own, or of its study, to refer to.
    """
    headers = [dcmread(file, stop_before_pixels=True) for file in series.files]
    faults = [
        f"{file.name} has no {keyword}"
        for file, header in zip(series.files, headers, strict=True)
        for keyword in REFERRED_TO
        if not header.get(keyword)
    ]
    if len({header.get("SOPInstanceUID") for header in headers}) < len(headers):
        faults.append("two slices have the same SOPInstanceUID")
    if faults:
        title = f"{series.path}: DICOM cannot be written, as nothing could refer to the slices:"
        raise ImageError(list_faults(title, faults))
    for header in headers:
        _mend(header)
        # Slices may be thinner than their distance, or say nothing; voxels reach to their neighbours.
        gap_mm = DSfloat(series.geometry.spacing_zyx_mm[0], auto_format=True)
        header.SliceThickness = header.SpacingBetweenSlices = gap_mm
    return headers


def identity(kind: str, headers: Sequence[Dataset], *content: object) -> list[str]:
    """Return what a file is made from, for `uid`: the same content has the same numbers."""
    return [kind, *(str(header.SOPInstanceUID) for header in headers), *map(_digest, content)]


def uid(identity: Sequence[str], part: str) -> str:
    """Return a number of DICOM's kind UI that follows from an identity and the name of a part."""
    return str(generate_uid(entropy_srcs=[*identity, part]))


def date_and_time(header: Dataset, origin: Origin) -> tuple[str, str]:
    """Return DICOM's date and time of a new file: the origin's, else the series', else the study's."""
    if origin.written is None:
        for part in ("Series", "Acquisition", "Study"):
            date, time = str(header.get(f"{part}Date", "")), str(header.get(f"{part}Time", ""))
            if DATE.fullmatch(date):
                return date, time if TIME.fullmatch(time) else "000000"
    written = origin.written or NO_DATE
    return f"{written:%Y%m%d}", f"{written:%H%M%S}"


def save(path: Path, dataset: Dataset) -> None:
    """Write a data set whole or not at all."""
    with atomic_write(path) as temporary:
        dataset.save_as(temporary, enforce_file_format=True)


def _mend(header: Dataset) -> None:
    """Give a header all that highdicom and RTSTRUCT take over, in a form that may be written."""
    for keyword in TEXTS + NAMES:
        setattr(header, keyword, str(header.get(keyword) or ""))
    for keywords, form in ((DATES, DATE), (TIMES, TIME)):
        for keyword in keywords:
            text = str(header.get(keyword) or "")
            setattr(header, keyword, text if form.fullmatch(text) else "")
    if header.get("PatientSex") not in SEXES:
        header.PatientSex = ""
    if not header.get("FrameOfReferenceUID"):
        # A new one: nothing else is known to lie in the space of a series that names none.
        header.FrameOfReferenceUID = uid([header.SeriesInstanceUID], "frame of reference")


def _digest(content: object) -> str:
    if isinstance(content, Image):
        return hashlib.sha256(content.array.tobytes()).hexdigest()
    return repr(content)
