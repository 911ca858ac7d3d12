"""What is reported of a data set? Its facts, its splits, and the tables that follow from them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from innereye.data.spacing import Spacing, spacing_fault
from innereye.data.subject_facts import PERCENTILES, ImageFacts, StructureFacts, SubjectFacts
from innereye.metrics.columns import Values
from innereye.metrics.near_duplicates import AlikePair, alike_pairs
from innereye.metrics.robust_outliers import is_far, robust_z
from innereye.metrics.structure_extremes import HEADER, structure_line
from innereye.names import CHANNEL, INSTITUTION, SERIES, SUBJECT

SPLIT = "split"
STRUCTURE = "structure"
PERCENTILE_NAMES = tuple("median" if p == 50 else f"p{p:02d}" for p in PERCENTILES)
INTENSITIES_COMPARED = ("median", "p99", "std")
VOLUME_ML = "volume_ml"
ROBUST_Z = "robust_z"
UNUSUAL = "unusual"
STATE = "state"
PARTS = "parts"
MISSING_SLICES = "missing_slices"
REACHES_EDGE = "reaches_edge"
PRESENT, EMPTY, NO_ROW = "present", "empty", "no row"


@dataclass(frozen=True, eq=False)
class DescribedDataset:
    """A data set: the facts of its subjects, the split of each, and the faults of its rows."""

    facts: Sequence[SubjectFacts]
    splits: Mapping[str, str]
    row_faults: Sequence[str]
    channels: Sequence[str]
    structures: Sequence[str]
    outlier_range: float
    expected_spacing_xyz: Spacing | None = None
    check_exclusive: bool = True
    allow_incomplete_labels: bool = False

    def split_of(self, subject: str) -> str:
        """Return the split of a subject; empty where it is in none."""
        return self.splits.get(subject, "")

    @cached_property
    def images(self) -> pd.DataFrame:
        """One row per subject and channel: size, spacing, orientation and intensities."""
        rows = [
            {**self._names(facts), **_grid(facts), **_intensities(image)}
            for facts in self.facts
            for image in facts.images
        ]
        frame = pd.DataFrame(rows, columns=None if rows else pd.Index([SUBJECT, SPLIT, CHANNEL]))
        marks = [""] * len(frame)
        for name in INTENSITIES_COMPARED if rows else ():
            for place in self._far(frame, CHANNEL, np.asarray(frame[name], np.float64)):
                marks[place] = f"{marks[place]}; {name}".removeprefix("; ")
        frame[UNUSUAL] = marks
        return frame

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row per subject and structure: voxels, volume, parts, overlaps, gaps."""
        rows = [
            {**self._names(facts), **_label(structure)}
            for facts in self.facts
            for structure in (*facts.structures, *facts.files.missing)
        ]
        frame = pd.DataFrame(rows, columns=None if rows else pd.Index([SUBJECT, SPLIT, STRUCTURE]))
        if not rows:
            return frame
        volumes = np.asarray(frame[VOLUME_ML], np.float64)
        # Volumes differ by factors; that of an empty structure is no volume.
        logs = np.log(volumes, out=np.full(len(volumes), np.nan), where=volumes > 0)
        frame[ROBUST_Z] = np.nan
        for places in frame.groupby(STRUCTURE, sort=False).indices.values():
            frame.loc[places, ROBUST_Z] = robust_z(logs[places])
        far = set(self._far(frame, STRUCTURE, logs))
        frame[UNUSUAL] = ["volume" if place in far else "" for place in range(len(frame))]
        return frame

    @property
    def file_faults(self) -> list[tuple[str, str]]:
        """The faults of files: subject and sentence."""
        found = [(facts.subject, fault) for facts in self.facts for fault in facts.faults]
        for facts in self.facts:
            spacing = facts.geometry.spacing_zyx_mm if facts.geometry else None
            if spacing and (fault := spacing_fault(spacing, self.expected_spacing_xyz)):
                found.append((facts.subject, fault))
        return found

    @cached_property
    def alike(self) -> list[tuple[str, str, AlikePair]]:
        """Pairs of subjects whose first channels look the same."""
        with_print = [(f.subject, f.thumbprint) for f in self.facts if f.thumbprint is not None]
        names = [name for name, _ in with_print]
        pairs = alike_pairs([thumbprint for _, thumbprint in with_print])
        return [(names[pair.first], names[pair.second], pair) for pair in pairs]

    @cached_property
    def identical(self) -> list[list[tuple[str, str]]]:
        """Groups of (subject, channel) whose images have the same voxels."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for facts in self.facts:
            for image in facts.images:
                groups.setdefault(image.content, []).append((facts.subject, image.channel))
        return [group for group in groups.values() if len(group) > 1]

    def extremes_text(self) -> str:
        """Return InnerEye's table of extents: a line per structure, subjects in natural order."""
        lines = [
            structure_line(
                structure.extents_zyx[::-1],
                subject=facts.subject,
                series=facts.files.series,
                structure=structure.structure,
            )
            for facts in self.facts
            for structure in sorted(facts.structures, key=lambda found: found.structure)
        ]
        return "\n".join([HEADER, *lines]) + "\n"

    def spacings(self) -> Counter[tuple[float, ...]]:
        """Return how many subjects have each spacing (z, y, x), in hundredths of a millimetre."""
        grids = [facts.geometry for facts in self.facts if facts.geometry]
        return Counter(tuple(round(mm, 2) for mm in grid.spacing_zyx_mm) for grid in grids)

    def orientations(self) -> Counter[str]:
        """Return how many subjects have each orientation of the axes."""
        return Counter(facts.orientation for facts in self.facts if facts.geometry)

    def _names(self, facts: SubjectFacts) -> dict[str, str]:
        return {
            SUBJECT: facts.subject,
            SPLIT: self.split_of(facts.subject),
            INSTITUTION: facts.files.institution,
            SERIES: facts.files.series,
        }

    def _far(self, frame: pd.DataFrame, by: str, values: Values) -> list[int]:
        """Return the rows whose value is far from the others of the same channel or structure."""
        found: list[int] = []
        for places in frame.groupby(by, sort=False).indices.values():
            found += [
                int(p) for p in places[is_far(values[places], outlier_range=self.outlier_range)]
            ]
        return sorted(found)


def _grid(facts: SubjectFacts) -> dict[str, int | float | str]:
    if facts.geometry is None:
        return {}
    sizes = zip("zyx", facts.geometry.size_zyx, strict=True)
    spacings = zip("zyx", facts.geometry.spacing_zyx_mm, strict=True)
    return {
        **{f"size_{axis}": size for axis, size in sizes},
        **{f"spacing_{axis}_mm": round(mm, 4) for axis, mm in spacings},
        "orientation": facts.orientation,
    }


def _intensities(image: ImageFacts) -> dict[str, str | float]:
    return {
        CHANNEL: image.channel,
        "type": image.dtype,
        "minimum": image.minimum,
        **dict(zip(PERCENTILE_NAMES, image.percentiles, strict=True)),
        "maximum": image.maximum,
        "mean": image.mean,
        "std": image.std,
    }


def _label(structure: StructureFacts | str) -> dict[str, str | int | float]:
    """Return the cells of a structure, or of the name of one that has no row in dataset.csv."""
    if isinstance(structure, str):
        nothing = {PARTS: 0, "largest_part": 0.0, "overlap_voxels": 0}
        texts = {MISSING_SLICES: "", REACHES_EDGE: ""}
        return {
            STRUCTURE: structure,
            STATE: NO_ROW,
            "voxels": 0,
            VOLUME_ML: 0.0,
            **nothing,
            **texts,
        }
    return {
        STRUCTURE: structure.structure,
        STATE: PRESENT if structure.voxels else EMPTY,
        "voxels": structure.voxels,
        VOLUME_ML: structure.volume_ml,
        PARTS: structure.components.count,
        "largest_part": structure.components.largest_share,
        "overlap_voxels": structure.overlap_voxels,
        MISSING_SLICES: structure.missing_slices,
        REACHES_EDGE: "yes" if structure.reaches_edge else "",
    }
