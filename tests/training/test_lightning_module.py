"""What does a step see? The middle of crops, and gradients no longer than they may be."""

import pytest
import torch
from torch import nn

from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.crop_batch import CropBatch, middle
from innereye.training.crop_metrics import CropMetrics
from innereye.training.lightning_module import SegmentationTraining
from innereye.training.segmentation_task import build_network
from innereye.training.train import train

CROP = (9, 10, 8)


class Shrinking(nn.Module):
    """Logits of two classes for all but a border of some voxels."""

    def __init__(self, border: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(1, 2, 1 + 2 * border)

    def forward(self, images):
        return self.conv(images)


def batch() -> CropBatch:
    generator = torch.Generator().manual_seed(4)
    labels = (torch.rand(2, 1, *CROP, generator=generator) < 0.3).to(torch.uint8)
    return CropBatch(
        subjects=("a", "b"),
        images=torch.rand(2, 1, *CROP, generator=generator),
        labels=labels,
        masks=(torch.rand(2, *CROP, generator=generator) < 0.8).to(torch.uint8),
        spacings_zyx_mm=((1.0, 1.0, 1.0),) * 2,
        changes=None,
    )


def seen_by_the_loss(border: int, center_size=None) -> list[torch.Tensor]:
    """Return logits and target of a step, and the target of a validation."""
    seen = []

    def loss(logits, target):
        seen.extend([logits, target])
        return (logits[:, 1] * target[:, 1]).mean()

    module = SegmentationTraining(
        Shrinking(border),
        num_structures=1,
        loss=loss,
        augmentation=None,
        make_optimizer=None,
        learning_rate=None,
        center_size=center_size,
    )
    module.train_metrics = module.val_metrics = CropMetrics(1, torch.device("cpu"))
    ready = module.on_after_batch_transfer(batch(), 0)
    module.training_step(ready, 0)
    module.validation_step(ready, 0)
    assert module.train_metrics.result().subject_count == 4
    return [seen[0], seen[1], seen[3]]


@pytest.mark.parametrize("border", [0, 1, 2])
def test_labels_are_cut_to_what_the_network_gives(border):
    logits, target, validated = seen_by_the_loss(border)

    inside = (slice(None), *[slice(border, size - border) for size in CROP])
    assert logits.shape[2:] == target.shape[2:] == tuple(size - 2 * border for size in CROP)
    assert torch.equal(target[:, 1], batch().labels[:, 0][inside])
    assert torch.equal(target, validated)


def test_center_size_cuts_both():
    logits, target, _ = seen_by_the_loss(1, center_size=(3, 4, 4))

    assert logits.shape[2:] == target.shape[2:] == (3, 4, 4)
    assert torch.equal(target[:, 1], batch().labels[:, 0, 3:6, 3:7, 2:6])


@pytest.mark.parametrize(
    ("whole", "part", "start"), [(8, 4, 2), (9, 4, 2), (9, 5, 2), (8, 3, 3), (6, 6, 0)]
)
def test_the_middle_begins_where_the_original_has_it(whole, part, start):
    volume = torch.arange(whole**3).view(1, whole, whole, whole)

    assert torch.equal(
        middle(volume, (part,) * 3),
        volume[:, start : start + part, start : start + part, start : start + part],
    )


def distance_moved(training, folder, **fields) -> float:
    """Return how far all weights together have come in one epoch of two steps of a rate of 1."""
    plain = {"optimizer_type": "SGD", "momentum": 0.0, "weight_decay": 0.0, "num_epochs": 1}
    arguments = training(folder, **plain, l_rate=1.0, **fields)
    train(**arguments)
    state = load_checkpoint(folder / "checkpoints" / "last.ckpt")["state_dict"]
    before = build_network(arguments["settings"], seed=42)
    moved = [state[f"model.{name}"] - weight for name, weight in before.named_parameters()]
    return torch.cat([each.flatten() for each in moved]).norm().item()


def test_clipped_gradients_move_the_weights_by_no_more_than_their_norm(training, tmp_path):
    free = distance_moved(training, tmp_path / "free")
    clipped = distance_moved(training, tmp_path / "clipped", gradient_clip_norm=1e-3)
    loose = distance_moved(training, tmp_path / "loose", gradient_clip_norm=1e3)

    assert 1e-3 < clipped <= 2e-3 * 1.001 < free
    assert loose == free
