"""Sizes of the original's networks, as recorded: what they are multiples of, and layers that keep them."""

import json
from pathlib import Path
from typing import Any

import pytest

from innereye.architectures import NetworkSizes, sizes_of
from innereye.models.layers import same_padding
from innereye.models.unet3d import upsampling_kernel
from innereye.names import Architecture

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def case(number: int) -> dict[str, Any]:
    path = VECTORS / "json" / "crop_size_constraints.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return next(each for each in cases if each["id"] == f"crop_size_constraints/{number}")


def triple(value: Any) -> Any:
    """A recorded number, list or null as three numbers."""
    return tuple(value) if isinstance(value, list) else (value or 1,) * 3


@pytest.mark.parametrize("number", range(0, 16, 2))
def test_crop_sizes(number):
    given, expected = case(number)["input"], case(number)["expected"]
    sizes = NetworkSizes(triple(given["multiple_of"]), triple(given["minimum"]))

    assert sizes.takes(given["crop"]) == (expected == "valid")


@pytest.mark.parametrize(
    ("number", "architecture"), [(16, Architecture.UNET3D), (18, Architecture.UNET2D)]
)
def test_size_multiples(number, architecture):
    depth = case(number)["input"]["num_downsampling_paths"]

    sizes = sizes_of(architecture, kernel_size=3, num_downsampling_paths=depth)

    assert list(sizes.multiple) == case(number)["expected"]


@pytest.mark.parametrize("number", [26, 28])
def test_upsampling_kernels(number):
    factors = triple(case(number)["input"])

    assert [upsampling_kernel(factor) for factor in factors] == case(number)["expected"]


@pytest.mark.parametrize("number", [30, 32, 34])
def test_paddings_that_keep_the_size(number):
    # A recorded case of two axes is one of three without the first.
    given, expected = case(number)["input"], case(number)["expected"]

    padding = same_padding(triple(given["kernel_size"]), (triple(given["dilation"]) * 2)[:3])

    assert list(padding)[-len(expected) :] == expected
