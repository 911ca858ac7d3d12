"""What do the members of an ensemble say of a subject, from the network to the mended segmentation?"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from innereye.architectures import NetworkSizes
from innereye.configs.fields.inference import default_stride
from innereye.configs.stages.segment import EnsembleSettings, SegmentSettings
from innereye.data.sample import Sample
from innereye.errors import ConfigError
from innereye.inference.ensemble import Joint, Members
from innereye.inference.own_grid import on_own_grid
from innereye.inference.part import Part, slabs
from innereye.inference.postprocessing.plan import mend_segmentation, summed_probability_rules
from innereye.inference.postprocessing.smoothing import smooth
from innereye.inference.prediction import Prediction
from innereye.inference.scratch import Scratch, forget_pages
from innereye.inference.sliding_window import Window, parts_of


def predict(
    members: Members,
    sample: Sample,
    settings: EnsembleSettings,
    device: torch.device,
    scratch: Scratch,
) -> Prediction:
    """Return what the members say together of a sample, one member after the other.

    The result lies on the grid of the subject's files. Where a step needs whole volumes of posteriors
    (several members, resampling, smoothing), they come from `scratch`, 4 bytes a voxel and class.

    Raises:
        CheckpointError: the posteriors are no numbers.
    """
    num_classes = len(settings.ground_truth_ids) + 1
    geometry = sample.own_geometry
    prediction = Prediction(
        geometry.size_zyx, num_classes, scratch, rules=summed_probability_rules(settings)
    )
    is_changed = settings.posterior_smoothing_mm is not None or sample.own is not None
    if len(members) == 1 and not is_changed:
        (network,) = members
        parts = _parts_of_member(network, sample, settings, device, scratch)
    else:
        joint = _join(members, sample, settings, device, scratch)
        parts = _changed(joint, sample, settings, scratch) if is_changed else joint.parts()
    for part in parts:
        prediction.add(part)
    prediction.check(sample.subject)
    mend_segmentation(prediction.segmentation, settings)
    return prediction


def _join(
    members: Members,
    sample: Sample,
    settings: EnsembleSettings,
    device: torch.device,
    scratch: Scratch,
) -> Joint:
    joint = Joint(
        (len(settings.ground_truth_ids) + 1, *sample.image.shape[1:]),
        settings.ensemble_aggregation_type,
        members=len(members),
        scratch=scratch,
    )
    for network in members:
        joint.add(_parts_of_member(network, sample, settings, device, scratch))
    return joint


def _parts_of_member(
    network: nn.Module,
    sample: Sample,
    settings: SegmentSettings,
    device: torch.device,
    scratch: Scratch,
) -> Iterator[Part]:
    return parts_of(
        network,
        sample.image,
        mask=sample.mask,
        window=_window(network, settings),
        num_classes=len(settings.ground_truth_ids) + 1,
        device=device,
        scratch=scratch,
    )


def _changed(
    joint: Joint, sample: Sample, settings: SegmentSettings, scratch: Scratch
) -> Iterator[Part]:
    """Yield the posteriors on the grid of the files, smoothed, class by class on the way there."""
    geometry = sample.own_geometry
    shape = (len(settings.ground_truth_ids) + 1, *geometry.size_zyx)

    def changed(classes: Iterator[np.ndarray]) -> np.ndarray:
        volumes = scratch.zeros(shape, np.float32)
        for index, volume in enumerate(classes):
            result = on_own_grid(volume, index, sample)
            if settings.posterior_smoothing_mm is not None:
                result = smooth(result, settings.posterior_smoothing_mm, geometry.spacing_zyx_mm)
            volumes[index] = result
            forget_pages(volumes)
        return volumes

    posteriors = changed(joint.classes())
    scores = changed(joint.scores()) if joint.has_scores else None
    for target in slabs(0, geometry.size_zyx[0], shape):
        yield Part(target, posteriors[:, *target], None if scores is None else scores[:, *target])
        forget_pages(posteriors)
        if scores is not None:
            forget_pages(scores)


def _window(network: nn.Module, settings: SegmentSettings) -> Window:
    patch, sizes = settings.test_crop_size, network.sizes
    if patch is None:
        raise ConfigError("test_crop_size is None; give three whole numbers, such as 64,224,224.")
    if not isinstance(sizes, NetworkSizes):
        raise TypeError(f"sizes of a network is {sizes!r}; NetworkSizes are wanted.")
    return Window(
        patch=patch,
        stride=settings.inference_stride_size
        or default_stride(sizes.output_size(patch), settings.inference_blending),
        sizes=sizes,
        batch_size=settings.inference_batch_size,
        padding_mode=settings.padding_mode,
        blending=settings.inference_blending,
        mirror_axes=tuple(settings.inference_mirror_axes),
    )
