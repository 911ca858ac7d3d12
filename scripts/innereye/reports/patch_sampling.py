"""Which parts of an image does a training see? Pictures of where its crops would lie."""

import logging
import shutil
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from innereye.configs.stages.patch_sampling import PatchSamplingSettings
from innereye.data.crops import pad_sample
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.data.patch_sampling import count_crops
from innereye.data.sample import Sample, load_sample
from innereye.errors import ConfigError, DatasetError, ImageError, list_faults
from innereye.io.files import write_table
from innereye.io.image import write_image
from innereye.names import FILE, SUBJECT, subject_folder
from innereye.reports.figures import house_style
from innereye.reports.patch_sampling_picture import PLANES, cut, heat_png
from innereye.training.crop_store import with_all_structures

logger = logging.getLogger(__name__)

NUM_CROPS = 200
COLUMNS = (SUBJECT, FILE)


def show_patch_sampling(
    *, train_csv: Path, settings: PatchSamplingSettings, index_csv: Path
) -> None:
    """Draw where 200 crops of each of the first `show_patch_sampling` training subjects would lie.

    For each subject: the normalised image, in how many crops each voxel lies, and a picture of a
    slice across each axis. The folder of `index_csv` (subject, file) is written anew as a whole.

    Raises:
        ConfigError: local_dataset is not set.
        DatasetError: subjects of which no crop can be taken.
    """
    subjects = _first_subjects(train_csv, settings)
    folder = index_csv.parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary,
        house_style(),
    ):
        drawn = Path(temporary) / folder.name
        drawn.mkdir()
        rows, faults = [], []
        for number, subject in enumerate(subjects):
            try:
                files = _draw(subject, settings, drawn, np.random.default_rng([number]))
                rows += [(subject.subject, file) for file in files]
            except ImageError as error:
                faults.append(str(error))
        if faults:
            raise DatasetError(list_faults("Crops cannot be taken of all subjects:", faults))
        write_table(drawn / index_csv.name, pd.DataFrame(rows, columns=pd.Index(COLUMNS)))
        if folder.exists():
            shutil.rmtree(folder)
        drawn.rename(folder)
    logger.info("Drew %d crops of each of %d training subjects.", NUM_CROPS, len(subjects))


def _first_subjects(train_csv: Path, settings: PatchSamplingSettings) -> list[Subject]:
    frame = read_dataset(train_csv)
    if frame.empty:
        return []
    if settings.local_dataset is None:
        raise ConfigError("local_dataset is not set; crops are drawn where the images are.")
    subjects = read_subjects(
        frame,
        root=settings.local_dataset,
        image_channels=settings.image_channels,
        ground_truth_ids=settings.ground_truth_ids,
        mask_id=settings.mask_id,
        masks_required=not settings.allow_incomplete_labels,
        extra_folders=settings.extra_local_dataset_paths,
    )
    return subjects[: settings.show_patch_sampling]


def _draw(
    subject: Subject,
    settings: PatchSamplingSettings,
    folder: Path,
    generator: np.random.Generator,
) -> list[str]:
    """Write the files of a subject and return their names."""
    sample = _prepared(subject, settings)
    counts = count_crops(
        sample,
        crop_size=settings.crop_size,
        class_weights=settings.class_weights,
        num_crops=NUM_CROPS,
        generator=generator,
    )
    # InnerEye's names begin with the bare number of the subject.
    is_number = subject.subject.isascii() and subject.subject.isdigit()
    name = subject.subject if is_number else subject_folder(subject.subject)
    image, heat = f"{name}_ct.nii.gz", f"{name}_sampled_patches.nii.gz"
    write_image(folder / image, sample.image[0], sample.geometry)
    write_image(folder / heat, counts, sample.geometry)
    # A picture across Y or X of an image of one slice would be a line.
    axes = (0, 1, 2) if counts.shape[0] > 1 else (0,)
    pictures = []
    for axis in axes:
        suffix = f"_dim{axis}" if len(axes) > 1 else ""
        piece = cut(sample.image[0], counts, sample.geometry, axis)
        most = int(counts.max())
        caption = (
            f"Subject {subject.subject} · {PLANES[axis]}\nred: in up to {most} of {NUM_CROPS} crops"
        )
        png = heat_png(piece, grey_range=settings.output_range, most=most, caption=caption)
        pictures.append(f"{name}_sampled_patches{suffix}.png")
        (folder / pictures[-1]).write_bytes(png)
    return [image, heat, *pictures]


def _prepared(subject: Subject, settings: PatchSamplingSettings) -> Sample:
    """Return a subject as the training sees it: normalised, and no smaller than a crop."""
    normalisation = Normalisation(
        **{field.name: getattr(settings, field.name) for field in fields(Normalisation)}
    )
    sample = load_sample(
        subject,
        normalisation,
        with_labels=True,
        resample_spacing_zyx_mm=settings.resample_spacing_zyx_mm,
    )
    sample = with_all_structures(sample, subject)
    return pad_sample(sample, settings.crop_size, settings.padding_mode)
