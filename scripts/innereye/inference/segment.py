"""What does the network see in each subject of a split? Volumes of results, and their list."""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn

from innereye.configs.stages.segment import EnsembleSettings, SegmentSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.data.sample import Sample, load_sample
from innereye.errors import ConfigError
from innereye.inference.ensemble import Members, Prediction, aggregate
from innereye.inference.old_results import remove_old_results
from innereye.inference.segmentation import check_posteriors, uncertainty
from innereye.inference.sliding_window import Window, posteriors
from innereye.inference.volumes import Result, VolumeWriter, to_bytes
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


def segment(
    *,
    checkpoints: Sequence[Path],
    split_csv: Path,
    output_folder: Path,
    settings: EnsembleSettings,
) -> None:
    """Segment all subjects of a split: a folder of volumes for each, and at last segmentations.csv.

    Several checkpoints are the members of an ensemble, of which one at a time is in memory. Results
    of an earlier run in `output_folder` are removed, once checkpoints and data turn out to be usable.

    Raises:
        InnerEyeError: a checkpoint, the data set, an image or a field; no segmentations.csv then.
    """
    torch.set_num_threads(settings.num_cpu_threads)
    subjects = _subjects(split_csv, settings)
    members = Members(checkpoints, settings)
    remove_old_results(output_folder, [each.subject for each in subjects])
    output_folder.mkdir(parents=True, exist_ok=True)
    if not subjects:
        logger.info("%s has no subjects; there is nothing to segment.", split_csv)
    with claimed_device(settings.max_num_gpus) as device:
        rows = _segment_subjects(subjects, members, output_folder, settings, device)
    rows.sort(key=lambda row: (natural_key(row[SUBJECT]), row[SUBJECT], row[FILE]))
    table = pd.DataFrame(rows, columns=list(SEGMENTATIONS_COLUMNS))
    write_table(output_folder / SEGMENTATIONS_CSV, table)


def predict(
    members: Members, sample: Sample, settings: EnsembleSettings, device: torch.device
) -> Prediction:
    """Return what the members say together of a sample, one member after the other."""
    return aggregate(
        (
            posteriors(
                network,
                sample.image,
                mask=sample.mask,
                window=_window(network, settings),
                num_classes=len(settings.ground_truth_ids) + 1,
                device=device,
            )
            for network in members
        ),
        settings.ensemble_aggregation_type,
    )


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
    started = time.perf_counter()
    with VolumeWriter(output_folder, class_names, threads=WRITER_THREADS) as writer:
        before = started
        for number, sample in enumerate(_samples(subjects, _normalisation(settings)), start=1):
            result, mean_uncertainty = _result(sample, members, settings, device)
            writer.write(result)
            now = time.perf_counter()
            logger.info(
                "Subject %s (%d of %d): %s voxels, %.1f s, mean uncertainty %.4f.",
                sample.subject,
                number,
                len(subjects),
                "x".join(map(str, sample.geometry.size_zyx)),
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
    settings: EnsembleSettings,
    device: torch.device,
) -> tuple[Result, float]:
    try:
        prediction = predict(members, sample, settings, device)
    except torch.OutOfMemoryError:
        raise ConfigError(
            f"Subject {sample.subject}: the memory of {device} does not hold inference_batch_size "
            f"{settings.inference_batch_size} patches of test_crop_size {settings.test_crop_size}. "
            "Make one of them smaller."
        ) from None
    check_posteriors(prediction.posteriors, subject=sample.subject)
    entropy = uncertainty(prediction.posteriors)
    result = Result(
        subject=sample.subject,
        geometry=sample.geometry,
        segmentation=prediction.segmentation,
        posteriors=to_bytes(prediction.posteriors),
        uncertainty=to_bytes(entropy),
    )
    return result, float(entropy.mean(dtype=np.float64))


def _samples(subjects: Sequence[Subject], normalisation: Normalisation) -> Iterator[Sample]:
    """Yield the samples; the next one is read while the network has the current one."""
    with ThreadPoolExecutor(1, thread_name_prefix="read") as reader:
        waiting = [
            reader.submit(load_sample, subject, normalisation, with_labels=False)
            for subject in subjects[:1]
        ]
        for subject in [*subjects[1:], None]:
            if not waiting:
                return
            sample = waiting.pop().result()
            if subject is not None:
                waiting.append(
                    reader.submit(load_sample, subject, normalisation, with_labels=False)
                )
            yield sample


def _normalisation(settings: SegmentSettings) -> Normalisation:
    return Normalisation(
        norm_method=settings.norm_method,
        window=settings.window,
        level=settings.level,
        output_range=settings.output_range,
        tail=settings.tail,
        sharpen=settings.sharpen,
        trim_percentiles=settings.trim_percentiles,
    )


def _window(network: nn.Module, settings: SegmentSettings) -> Window:
    patch, multiple = settings.test_crop_size, network.size_multiple
    if patch is None:
        raise ConfigError("test_crop_size is None; give three whole numbers, such as 64,224,224.")
    if not isinstance(multiple, tuple):
        raise TypeError(f"size_multiple of a network is {multiple!r}; a tuple (Z, Y, X) is wanted.")
    z, y, x = multiple
    return Window(
        patch=patch,
        stride=settings.inference_stride_size or patch,
        size_multiple=(z, y, x),
        batch_size=settings.inference_batch_size,
        padding_mode=settings.padding_mode,
    )
