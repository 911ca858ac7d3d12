"""Where does a segmentation agree with the truth? One picture per subject and structure."""

import logging
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from innereye.configs.stages.plot import PlotSettings
from innereye.configs.stages.report import ReportSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.data.sample import Sample, load_sample
from innereye.errors import ConfigError, ImageError
from innereye.io.files import write_table
from innereye.io.image import read_image
from innereye.metrics.manifest import StoredVolume, checked_volumes
from innereye.metrics.overlap import dice
from innereye.names import SEGMENTATION_NII, SUBJECT, THUMBNAILS_CSV, subject_folder
from innereye.reports.figures import house_style
from innereye.reports.thumbnail_picture import Slice, Thumbnails, best_slice, viewing_flips

logger = logging.getLogger(__name__)

STRUCTURE = "structure"
SLICE = "slice"
FILE = "file"
PictureSettings = PlotSettings | ReportSettings
COLUMNS = (SUBJECT, STRUCTURE, SLICE, FILE)


@dataclass(frozen=True)
class Outcome:
    """A structure of a subject: its truth and its segmentation, binary (Z, Y, X)."""

    subject: str
    structure: str
    truth: np.ndarray
    predicted: np.ndarray


def draw_thumbnails(
    *,
    segmentations_csv: Path,
    split_csv: Path,
    settings: PictureSettings,
    plot_dpi: int,
    folder: Path,
    subjects: Collection[str] | None = None,
) -> None:
    """Draw the slice with most predicted voxels of each structure of each subject of a split.

    `subjects` limits the pictures to some subjects. The folder is written anew as a whole; its
    `thumbnails.csv` (subject, structure, slice, file) lists the pictures. Structures without a ground
    truth give no picture.

    Raises:
        ConfigError: local_dataset is not set.
        ImageError: a segmentation is missing, was changed, or does not fit its image.
    """
    members = [
        member
        for member in _read_split(split_csv, settings)
        if subjects is None or member.subject in subjects
    ]
    volumes = checked_volumes(
        segmentations_csv, SEGMENTATION_NII, subjects=[member.subject for member in members]
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        drawn = Path(temporary) / folder.name
        drawn.mkdir()
        rows = _draw_all(members, volumes, settings, drawn, plot_dpi=plot_dpi)
        write_table(drawn / THUMBNAILS_CSV, pd.DataFrame(rows, columns=pd.Index(COLUMNS)))
        if folder.exists():
            shutil.rmtree(folder)
        drawn.rename(folder)
    logger.info("Drew %d thumbnails of %d subjects.", len(rows), len(members))


def _read_split(split_csv: Path, settings: PictureSettings) -> list[Subject]:
    frame = read_dataset(split_csv)
    if frame.empty:
        return []
    if settings.local_dataset is None:
        raise ConfigError("local_dataset is not set; thumbnails need the folder with the images.")
    return read_subjects(
        frame,
        root=settings.local_dataset,
        image_channels=settings.image_channels[:1],
        ground_truth_ids=settings.ground_truth_ids,
        mask_id=settings.mask_id,
        masks_required=False,
        extra_folders=settings.extra_local_dataset_paths,
    )


def _draw_all(
    subjects: list[Subject],
    volumes: dict[str, StoredVolume],
    settings: PictureSettings,
    folder: Path,
    *,
    plot_dpi: int,
) -> list[tuple[str, str, int, str]]:
    low, high = settings.output_range
    rows: list[tuple[str, str, int, str]] = []
    with house_style():
        thumbnails = Thumbnails(plot_dpi=plot_dpi, grey_range=(low, high))
        for subject in subjects:
            sample = load_sample(subject, _normalisation(settings), with_labels=True)
            for outcome in _outcomes(subject, sample, volumes[subject.subject].path, settings):
                z = best_slice(outcome.predicted, outcome.truth)
                file = f"{subject_folder(subject.subject)}_{outcome.structure}_slice_{z:03d}.png"
                name = f"Subject {outcome.subject} · {outcome.structure} · slice {z}"
                piece = _cut(sample, outcome, z)
                png = thumbnails.png(piece, name=name, score=_score(outcome))
                (folder / file).write_bytes(png)
                rows.append((subject.subject, outcome.structure, z, file))
    return rows


def _normalisation(settings: PictureSettings) -> Normalisation:
    return Normalisation(
        **{field.name: getattr(settings, field.name) for field in fields(Normalisation)}
    )


def _outcomes(
    subject: Subject, sample: Sample, volume: Path, settings: PictureSettings
) -> Iterator[Outcome]:
    segmentation = read_image(volume, np.uint8)
    differences = segmentation.geometry.differences(sample.geometry)
    if differences:
        raise ImageError(
            f"Subject {subject.subject}: {volume} does not lie on its image: "
            f"{'; '.join(differences)}. Segment the subject again."
        )
    labels = () if sample.labels is None else tuple(sample.labels)
    for structure, truth in zip(subject.masks, labels, strict=True):
        predicted = segmentation.array == 1 + settings.ground_truth_ids.index(structure)
        yield Outcome(subject.subject, structure, truth > 0, predicted)


def _score(outcome: Outcome) -> str:
    """Say how well the whole volume is segmented, which one slice may not show."""
    score = dice(outcome.predicted, outcome.truth)
    return "Dice -" if np.isnan(score) else f"Dice {score:.3f}"


def _cut(sample: Sample, outcome: Outcome, z: int) -> Slice:
    rows, columns = (slice(None, None, -1 if flip else 1) for flip in _flips(sample))
    return Slice(
        image=sample.image[0, z][rows, columns],
        truth=outcome.truth[z][rows, columns],
        predicted=outcome.predicted[z][rows, columns],
        spacing_yx_mm=sample.geometry.spacing_zyx_mm[1:],
    )


def _flips(sample: Sample) -> tuple[bool, bool]:
    return viewing_flips(sample.geometry.direction)
