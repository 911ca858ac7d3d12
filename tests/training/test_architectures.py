"""Every architecture trains and segments, deep levels and smaller outputs included."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from innereye.configs.stages.segment import SegmentSettings
from innereye.inference.checkpoint import load_network
from innereye.io.files import read_table
from innereye.training.train import train

SHAPES: dict[str, dict[str, Any]] = {
    "Basic": {"feature_channels": [2] * 8, "crop_size": (29, 32, 32)},
    "UNet2D": {},
    "ResidualUNet3D": {
        "normalisation_layer": "InstanceNorm",
        "num_downsampling_paths": 2,
        "deep_supervision": False,
    },
}
SHAPES["deep"] = {**SHAPES["ResidualUNet3D"], "deep_supervision": None}


def losses(run_folder: Path) -> list[float]:
    return list(read_table(run_folder / "Train" / "epoch_metrics.csv")["loss"].astype(float))


@pytest.mark.parametrize("name", list(SHAPES))
def test_a_network_is_trained_and_read_back(tmp_path: Path, training: Callable, name: str):
    architecture = "ResidualUNet3D" if name == "deep" else name
    arguments = training(
        tmp_path, architecture=architecture, loss_type="CrossEntropy", **SHAPES[name]
    )
    train(**arguments)

    settings = arguments["settings"]
    fields = {
        key: getattr(settings, key)
        for key in SegmentSettings.model_fields
        if hasattr(settings, key)
    }
    network = load_network(tmp_path / "checkpoints" / "last.ckpt", SegmentSettings(**fields))
    with torch.no_grad():
        logits = network(torch.zeros(1, len(settings.image_channels), *settings.crop_size))

    assert losses(tmp_path)[1] < losses(tmp_path)[0]
    assert logits.shape[2:] == network.sizes.output_size(settings.crop_size)


@pytest.mark.parametrize("name", ["UNet3D", "ResidualUNet3D"])
def test_16_bits_on_a_cpu_give_nearly_the_losses_of_32(
    tmp_path: Path, training: Callable, name: str
):
    for bits in (16, 32):
        arguments = training(
            tmp_path / str(bits),
            architecture=name,
            deep_supervision=name == "ResidualUNet3D",
            num_downsampling_paths=2,
            use_mixed_precision_on_cpu=bits == 16,
        )
        train(**arguments)

    half, single = losses(tmp_path / "16"), losses(tmp_path / "32")
    assert half == pytest.approx(single, rel=0.03)
    assert half != single
