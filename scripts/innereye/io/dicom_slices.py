"""Do the headers of some DICOM files make one volume? Slices, sorted by place, evenly spaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io.geometry import DIRECTION_TOLERANCE, SPACING_TOLERANCE, Geometry
from innereye.io.nifti import ONE_HEADER_AT_A_TIME

SERIES_UID, SERIES_DESCRIPTION = "0020|000e", "0008|103e"
POSITION, THICKNESS = "0020|0032", "0018|0050"
MAGIC, MAGIC_AT = b"DICM", 128
# Places have a few decimals, a hundredth of a millimetre at worst; a missing slice is half a gap off.
PLACE_TOLERANCE_GAPS = 0.05
# Orientations with few decimals let a long stack drift; a gantry tilted by 1 degree is pixels off.
ASKEW_TOLERANCE_PIXELS = 0.5


@dataclass(frozen=True)
class Slice:
    """The header of one slice; size in X, Y, Z, spacing in X, Y."""

    path: Path
    series: str
    description: str
    size_xyz: tuple[int, ...]
    spacing_xy_mm: tuple[float, float]
    origin_xyz_mm: tuple[float, float, float]
    direction: tuple[float, ...]
    has_position: bool
    components: int
    thickness_mm: float

    @property
    def normal(self) -> np.ndarray:
        """The unit vector across the slice, right-handed with its rows and columns."""
        return np.reshape(self.direction, (3, 3))[:, 2]

    @property
    def height_mm(self) -> float:
        """Place along the normal."""
        return float(np.dot(self.normal, self.origin_xyz_mm))


def sorted_slices(path: Path, files: Sequence[Path]) -> list[Slice]:
    """Return the slices of the one series among some files, in the order of their places."""
    read = [_read_header(path, file) for file in files]
    slices = [each for each in read if each is not None]
    if not slices:
        raise ImageError(
            f"{path} has no DICOM slices, {len(files)} other files; one series is allowed."
        )
    if complaint := _more_than_one_series(slices) or _no_slices_of_a_volume(slices):
        raise ImageError(f"{path} {complaint}")
    return sorted(slices, key=lambda each: (each.height_mm, each.path.name))


def _read_header(path: Path, file: Path) -> Slice | None:
    """Return the header of a slice; None for a file that is no DICOM at all."""
    reader = reader_of(file)
    try:
        with ONE_HEADER_AT_A_TIME:
            reader.ReadImageInformation()
    except RuntimeError:
        with file.open("rb") as stream:
            is_dicom = stream.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] == MAGIC
        if is_dicom or file.suffix.lower() == ".dcm":
            raise ImageError(
                f"{path}: {file.name} cannot be read as a slice: it is truncated, damaged, or no image."
            ) from None
        return None

    def text(tag: str) -> str:
        return reader.GetMetaData(tag).strip() if reader.HasMetaDataKey(tag) else ""

    spacing, origin = reader.GetSpacing(), reader.GetOrigin()
    return Slice(
        path=file,
        series=text(SERIES_UID),
        description=text(SERIES_DESCRIPTION),
        size_xyz=reader.GetSize(),
        spacing_xy_mm=(spacing[0], spacing[1]),
        origin_xyz_mm=(origin[0], origin[1], origin[2]),
        direction=reader.GetDirection(),
        has_position=bool(text(POSITION)),
        components=reader.GetNumberOfComponents(),
        thickness_mm=_number(text(THICKNESS)),
    )


def _more_than_one_series(slices: Sequence[Slice]) -> str:
    found: dict[str, list[Slice]] = {}
    for each in slices:
        found.setdefault(each.series, []).append(each)
    if len(found) == 1:
        return ""
    named = [
        f"{uid or 'without a number'} ({members[0].description or 'no description'}, {len(members)} "
        f"slices)"
        for uid, members in sorted(found.items())
    ]
    return f"has {len(found)} series: {'; '.join(named)}. One is allowed in a folder."


def _no_slices_of_a_volume(slices: Sequence[Slice]) -> str:
    """Say why some files of one series cannot be stacked."""
    for each in slices:
        if complaint := _no_slice(each) or _unlike(each, slices[0]):
            return complaint
    return ""


def _no_slice(each: Slice) -> str:
    if each.components != 1:
        return f"holds colours ({each.path.name}); grey values are allowed."
    if len(each.size_xyz) > 2 and each.size_xyz[2] != 1:
        return f"holds several frames in {each.path.name}; a file for each slice is allowed."
    return "" if each.has_position else f"does not say where the slice {each.path.name} lies."


def _unlike(each: Slice, first: Slice) -> str:
    if each.size_xyz[:2] != first.size_xyz[:2]:
        return f"has slices of {first.size_xyz[:2]} and of {each.size_xyz[:2]} pixels (X, Y)."
    if not np.allclose(each.spacing_xy_mm, first.spacing_xy_mm, SPACING_TOLERANCE, 0):
        return f"has pixels of {first.spacing_xy_mm} and of {each.spacing_xy_mm} mm (X, Y)."
    if not np.allclose(each.direction, first.direction, 0, DIRECTION_TOLERANCE):
        return f"has slices that are not parallel: {first.path.name} and {each.path.name}."
    return ""


def grid_of(path: Path, slices: Sequence[Slice]) -> Geometry:
    """Return the grid of sorted slices, which must lie one behind the other at even distances."""
    first = slices[0]
    if len(slices) > 1:
        gap = (slices[-1].height_mm - first.height_mm) / (len(slices) - 1)
        if complaint := _no_evengrid_of(slices, gap):
            raise ImageError(f"{path} {complaint}")
    elif first.thickness_mm > 0:
        gap = first.thickness_mm
    else:
        raise ImageError(f"{path} has one slice, which does not say how thick it is.")
    x, y = first.size_xyz[:2]
    return Geometry(
        size_zyx=(len(slices), y, x),
        spacing_zyx_mm=(gap, first.spacing_xy_mm[1], first.spacing_xy_mm[0]),
        origin_xyz_mm=first.origin_xyz_mm,
        direction=first.direction,
    )


def _no_evengrid_of(slices: Sequence[Slice], gap: float) -> str:
    """Say how slices differ from a stack with the same gap between all of them."""
    first = slices[0]
    places = np.array([each.origin_xyz_mm for each in slices])
    gaps = np.diff([each.height_mm for each in slices])
    if gaps.min() <= gap * PLACE_TOLERANCE_GAPS:
        at = int(gaps.argmin())
        names = f"{slices[at].path.name} and {slices[at + 1].path.name}"
        return f"has two slices at the same place: {names}."
    off = places - first.origin_xyz_mm - np.outer(np.arange(len(slices)) * gap, first.normal)
    along = off @ first.normal
    if np.abs(along).max() > gap * PLACE_TOLERANCE_GAPS:
        return (
            f"has uneven gaps between its slices, from {gaps.min():.4g} to {gaps.max():.4g} mm; a "
            "slice is missing, or the series must be resampled first."
        )
    aside = np.linalg.norm(off - np.outer(along, first.normal), axis=1).max()
    if aside > min(first.spacing_xy_mm) * ASKEW_TOLERANCE_PIXELS:
        return (
            f"has slices that lie askew, by up to {aside:.4g} mm, as of a tilted gantry; resample "
            "the series to a straight grid first."
        )
    return ""


def reader_of(file: Path) -> sitk.ImageFileReader:
    """Return ITK's reader of DICOM for a file, not yet executed and without its warnings."""
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(str(file))
    return reader


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
