"""Is a file that computes something else found out?"""

from math import prod

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.architectures import NetworkSizes
from innereye.errors import ExportError
from innereye.inference.export_check import MOST_VOXELS, TOLERANCE, compare, shrunk
from innereye.models.build import build_model
from innereye.models.portable import portable

SIZES = NetworkSizes(multiple=(2, 2, 2), minimum=(2, 2, 2))


@pytest.fixture
def network():
    return build_model(
        architecture="UNet3D",
        input_channels=1,
        num_classes=3,
        feature_channels=[2],
        num_downsampling_paths=1,
        seed=1,
    ).eval()


def compared(network, exported):
    return compare(
        network, exported, sizes=SIZES, channels=1, window=(8, 8, 8), output_range=(-1, 1)
    )


def test_the_network_equals_itself_on_two_sizes_and_batches(network):
    found = compared(network, portable(network))
    assert {(each.batch, each.size_zyx) for each in found} == {(3, (6, 4, 8)), (1, (8, 8, 8))}
    assert {each.seed for each in found} == {0, 1}
    assert {each.largest_difference for each in found} == {0.0}
    assert {each.share_of_other_classes for each in found} == {0.0}


def test_weights_that_changed_after_the_file_was_drawn_are_found(network):
    exported = portable(network)
    with torch.no_grad():
        network.output_layer.bias[1] += 0.01
    with pytest.raises(ExportError, match=r"up to .* away .* allowed are 0\.0001\.$"):
        compared(network, exported)


def test_a_difference_within_the_tolerance_is_told(network):
    exported = portable(network)

    def shifted(images):
        return exported(images) + TOLERANCE / 2

    found = compared(network, shifted)
    assert found[0].largest_difference == pytest.approx(TOLERANCE / 2, rel=1e-2)


def test_voxels_of_another_class_are_counted(network):
    exported = portable(network)
    with torch.no_grad():  # all classes alike: the first of them, unless one gets a little more
        network.output_layer.weight.zero_()
        network.output_layer.bias.zero_()

    def a_little_more(images):
        posteriors = torch.full_like(exported(images), 1 / 3)
        posteriors[:, 2, :, :, :2] += TOLERANCE / 2
        return posteriors

    found = compared(network, a_little_more)
    assert [each.share_of_other_classes for each in found] == [0.25, 0.25, 0.25, 0.25]


def test_no_number_is_no_agreement(network):
    with pytest.raises(ExportError, match="up to nan away"):
        compared(network, lambda images: portable(network)(images) * torch.nan)


def test_an_output_of_another_size_is_found(network):
    with pytest.raises(ExportError, match=r"gives \(3, 2, 6, 4, 8\) numbers"):
        compared(network, lambda images: portable(network)(images)[:, :2])


lengths = st.integers(1, 40)


@given(st.tuples(lengths, lengths, lengths), st.sampled_from([1, 2, 16]))
def test_a_large_window_is_made_smaller_and_stays_legal(steps, multiple):
    sizes = NetworkSizes(multiple=(multiple,) * 3, minimum=(multiple,) * 3)
    window = tuple(multiple * step for step in steps)
    found = shrunk(window, sizes)
    assert sizes.takes(found)
    assert prod(found) <= MOST_VOXELS
    assert found == window or prod(window) > MOST_VOXELS


def test_an_axis_at_its_least_stays():
    sizes = NetworkSizes(minimum=(29, 29, 29))
    assert shrunk((29, 29, 4000), sizes) == (29, 29, 250)
    assert shrunk((200, 200, 200), NetworkSizes(minimum=(200, 200, 200))) == (200, 200, 200)
