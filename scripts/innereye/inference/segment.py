"""What does the network see in each subject of a split? Volumes of results, and their list."""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import pandas as pd
import torch

from innereye.configs.stages.segment import EnsembleSettings, SegmentSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.data.sample import Sample, load_sample
from innereye.errors import ConfigError
from innereye.inference.ensemble import Members
from innereye.inference.found_checkpoints import checkpoints_of
from innereye.inference.old_results import remove_old_results
from innereye.inference.predict import predict
from innereye.inference.scratch import Scratch
from innereye.inference.volumes import Result, VolumeWriter
from innereye.io.files import write_table
from innereye.models.device import claimed_device
from innereye.names import (
    BACKGROUND,
    FILE,
    SEGMENTATIONS_COLUMNS,
    SEGMENTATIONS_CSV,
    SUBJECT,
    natural_key,
)

logger = logging.getLogger(__name__)

# Compression runs outside Python's lock; the bytes do not depend on the number of threads.
WRITER_THREADS = min(8, os.cpu_count() or 1)

# A larger image is not read before its predecessor is done: two of them may not fit into memory.
BYTES_READ_AHEAD = 256 * 2**20


def segment(
    *,
    checkpoints: Sequence[Path],
    split_csv: Path,
    output_folder: Path,
    settings: EnsembleSettings,
) -> None:
    """Segment all subjects of a split: a folder of volumes for each, and at last segmentations.csv.

    Several checkpoints, or a folder of several, are the members of an ensemble, of which one at a time
    is in memory. Results
    of an earlier run in `output_folder` are removed, once checkpoints and data turn out to be usable.

    Raises:
        InnerEyeError: a checkpoint, the data set, an image or a field; no segmentations.csv then.
    """
    torch.set_num_threads(settings.num_cpu_threads)
    subjects = _subjects(split_csv, settings)
    members = Members([each for place in checkpoints for each in checkpoints_of(place)], settings)
    remove_old_results(output_folder, [each.subject for each in subjects])
    output_folder.mkdir(parents=True, exist_ok=True)
    if not subjects:
        logger.info("%s has no subjects; there is nothing to segment.", split_csv)
    with claimed_device(settings.max_num_gpus) as device:
        rows = _segment_subjects(subjects, members, output_folder, settings, device)
    rows.sort(key=lambda row: (natural_key(row[SUBJECT]), row[SUBJECT], row[FILE]))
    table = pd.DataFrame(rows, columns=list(SEGMENTATIONS_COLUMNS))
    write_table(output_folder / SEGMENTATIONS_CSV, table)


def _subjects(split_csv: Path, settings: SegmentSettings) -> list[Subject]:
    frame = read_dataset(split_csv)
    if frame.empty:
        return []
    if settings.local_dataset is None:
        raise ConfigError(
            "local_dataset is None; give the folder that holds the data set's images."
        )
    return read_subjects(
        frame,
        root=settings.local_dataset,
        image_channels=settings.image_channels,
        ground_truth_ids=settings.ground_truth_ids,
        mask_id=settings.mask_id,
        masks_required=False,
        extra_folders=settings.extra_local_dataset_paths,
    )


def _segment_subjects(
    subjects: Sequence[Subject],
    members: Members,
    output_folder: Path,
    settings: EnsembleSettings,
    device: torch.device,
) -> list[dict[str, str]]:
    """Return a row for each volume written; reading and writing go on beside the network."""
    members.to(device)
    class_names = [BACKGROUND, *settings.ground_truth_ids]
    started = before = time.perf_counter()
    with VolumeWriter(output_folder, class_names, threads=WRITER_THREADS) as writer:
        samples = _samples(subjects, settings)
        for number in range(1, len(subjects) + 1):
            result, mean_uncertainty = _result(
                next(samples), members, output_folder, settings, device
            )
            writer.write(result)
            now = time.perf_counter()
            logger.info(
                "Subject %s (%d of %d): %s voxels, %.1f s, mean uncertainty %.4f.",
                result.subject,
                number,
                len(subjects),
                "x".join(map(str, result.geometry.size_zyx)),
                now - before,
                mean_uncertainty,
            )
            before = now
        rows = writer.rows()
    seconds = time.perf_counter() - started
    logger.info("Segmented %d subjects in %.1f s on %s.", len(subjects), seconds, device)
    return rows


def _result(
    sample: Sample,
    members: Members,
    output_folder: Path,
    settings: EnsembleSettings,
    device: torch.device,
) -> tuple[Result, float]:
    """Return what is written of a sample, and its mean uncertainty."""
    try:
        prediction = predict(members, sample, settings, device, Scratch(output_folder))
    except torch.OutOfMemoryError:
        raise ConfigError(
            f"Subject {sample.subject}: the memory of {device} does not hold inference_batch_size "
            f"{settings.inference_batch_size} patches of test_crop_size {settings.test_crop_size}. "
            "Make one of them smaller."
        ) from None
    result = Result(
        subject=sample.subject,
        geometry=sample.own_geometry,
        segmentation=prediction.segmentation,
        posteriors=prediction.posteriors,
        uncertainty=prediction.uncertainty,
    )
    return result, prediction.mean_uncertainty()


def _samples(subjects: Sequence[Subject], settings: SegmentSettings) -> Iterator[Sample]:
    """Yield the samples; behind a small one the next is read while the network has it."""
    load = partial(
        load_sample,
        normalisation=normalisation_of(settings),
        with_labels=False,
        resample_spacing_zyx_mm=settings.resample_spacing_zyx_mm,
        dataset_expected_spacing_xyz=settings.dataset_expected_spacing_xyz,
    )
    remaining = iter(subjects)
    with ThreadPoolExecutor(1, thread_name_prefix="read") as reader:
        waiting = [reader.submit(load, subject) for subject in islice(remaining, 1)]
        while waiting:
            sample = waiting.pop().result()
            is_small = sample.image.nbytes <= BYTES_READ_AHEAD
            if is_small:
                waiting = [reader.submit(load, subject) for subject in islice(remaining, 1)]
            yield sample
            del sample
            if not is_small:
                waiting = [reader.submit(load, subject) for subject in islice(remaining, 1)]


def normalisation_of(settings: SegmentSettings) -> Normalisation:
    """Return how the model's images are normalised."""
    return Normalisation(
        norm_method=settings.norm_method,
        window=settings.window,
        level=settings.level,
        output_range=settings.output_range,
        tail=settings.tail,
        sharpen=settings.sharpen,
        trim_percentiles=settings.trim_percentiles,
    )
