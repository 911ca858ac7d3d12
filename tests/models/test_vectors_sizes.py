"""Size multiples of the original's 3D U-Net."""

import json
from pathlib import Path

import pytest

from innereye.models.unet3d import UNet3D

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def test_size_multiple_of_the_original():
    # Only the factor of UNet3D; the case with factor (1, 2, 2) belongs to the 2D network.
    text = (VECTORS / "json" / "crop_size_constraints.json").read_text(encoding="utf-8")
    cases = {case["id"]: case for case in json.loads(text)["cases"]}
    case = cases["crop_size_constraints/16"]

    net = UNet3D(
        input_channels=1,
        num_classes=2,
        feature_channels=1,
        num_downsampling_paths=case["input"]["num_downsampling_paths"],
    )

    assert case["input"]["downsampling_factor"] == 2
    assert list(net.size_multiple) == case["expected"]
