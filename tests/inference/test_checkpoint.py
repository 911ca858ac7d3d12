"""Is a checkpoint taken only when it is whole and belongs to the model?"""

import pytest
import torch

from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import CheckpointError
from innereye.inference.checkpoint import load_network, misfits, read_weights
from innereye.models.build import build_model

SETTINGS = SegmentSettings(
    image_channels=["mri"],
    ground_truth_ids=["anterior", "posterior"],
    architecture="UNet3D",
    feature_channels=[2],
    num_downsampling_paths=1,
)


def network_of(**changes):
    numbers = {
        "architecture": "UNet3D",
        "input_channels": 1,
        "num_classes": 3,
        "feature_channels": [2],
        "kernel_size": 3,
        "num_downsampling_paths": 1,
        "normalisation_layer": "BatchNorm",
        "seed": 5,
    }
    return build_model(**numbers | changes)


def save(path, network, **more):
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    torch.save({"epoch": 2, "state_dict": weights | more}, path)
    return path


@pytest.fixture
def checkpoint(tmp_path):
    return save(tmp_path / "epoch_002.ckpt", network_of())


def test_the_network_of_a_checkpoint_computes_what_it_computed(checkpoint):
    image = torch.randn(1, 1, 4, 6, 8, generator=torch.Generator().manual_seed(1))
    loaded, original = load_network(checkpoint, SETTINGS), network_of().eval()
    assert not loaded.training
    assert torch.equal(loaded(image), original(image))


def test_weights_of_other_parts_of_the_training_are_left_out(tmp_path):
    path = save(tmp_path / "last.ckpt", network_of(), **{"loss.weights": torch.ones(3)})
    assert "loss.weights" not in read_weights(path)
    load_network(path, SETTINGS)


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"last\.ckpt does not exist"):
        load_network(tmp_path / "last.ckpt", SETTINGS)


def test_a_folder_is_no_checkpoint(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_network(tmp_path, SETTINGS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b"<HTML><head></head></HTML>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "pointer of git-lfs"),
        (b"PK\x03\x04" + b"x" * 100, "damaged or incomplete"),
        (b"no weights at all", "is damaged, or no file that torch.save"),
    ],
)
def test_files_that_are_no_checkpoint_say_what_they_are(tmp_path, content, words):
    path = tmp_path / "last.ckpt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=words):
        load_network(path, SETTINGS)


def test_a_truncated_checkpoint_is_refused(checkpoint):
    checkpoint.write_bytes(checkpoint.read_bytes()[:-200])
    with pytest.raises(CheckpointError, match="damaged"):
        load_network(checkpoint, SETTINGS)


def test_a_flipped_bit_in_the_weights_is_seen(checkpoint):
    content = bytearray(checkpoint.read_bytes())
    value = network_of().state_dict()["_layers.0.block1.conv1.weight"].numpy().tobytes()[:8]
    content[content.index(value)] ^= 1
    checkpoint.write_bytes(content)
    with pytest.raises(CheckpointError, match="checksum"):
        load_network(checkpoint, SETTINGS)


class Thing:
    """Something that only Python code can restore."""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"weights": {}}, "no entry 'state_dict'"),
        ([1, 2], "no entry 'state_dict'"),
        ({"state_dict": {"net.conv": torch.ones(2)}}, r"starts with 'model\.'.*net\.conv"),
        ({"state_dict": {}}, "Its weights are: none"),
        ({"state_dict": {"model.a": Thing()}}, "could run"),
    ],
)
def test_contents_that_are_no_network_are_refused(tmp_path, content, words):
    torch.save(content, tmp_path / "last.ckpt")
    with pytest.raises(CheckpointError, match=words):
        load_network(tmp_path / "last.ckpt", SETTINGS)


def test_a_training_that_has_diverged_is_named(tmp_path):
    network = network_of()
    network.output_layer.bias.data[1] = float("nan")
    path = save(tmp_path / "last.ckpt", network)
    with pytest.raises(CheckpointError, match=r"not finite in 1 of .*'output_layer\.bias'.*l_rate"):
        load_network(path, SETTINGS)


@pytest.mark.parametrize(
    ("changes", "words", "silent"),
    [
        (
            {"num_classes": 5},
            "tells 5 classes apart; the model has 3: background, anterior, posterior",
            "another size",
        ),
        ({"input_channels": 2}, "takes 2 image channels; the model has 1: mri", "another size"),
        ({"feature_channels": [4]}, "weights have another size", "classes"),
        ({"num_downsampling_paths": 2}, "weights of the file are not in the model", "classes"),
        ({"normalisation_layer": "InstanceNorm"}, "check .*normalisation_layer", "classes"),
    ],
)
def test_a_checkpoint_of_another_model_says_what_differs(tmp_path, changes, words, silent):
    path = save(tmp_path / "last.ckpt", network_of(**changes))
    with pytest.raises(CheckpointError, match=words) as caught:
        load_network(path, SETTINGS)
    assert silent not in str(caught.value)


def test_all_differences_are_told_at_once(tmp_path):
    path = save(tmp_path / "last.ckpt", network_of(num_classes=5, input_channels=2))
    with pytest.raises(CheckpointError, match=r"(?s)2 image channels.*5 classes"):
        load_network(path, SETTINGS)


def test_a_network_without_kernels_says_what_is_wrong_as_well():
    wanted = {"unused": torch.zeros(1)}
    assert misfits(wanted, wanted, image_channels=["ct"], class_names=["background", "a"]) == []
    faults = misfits({}, wanted, image_channels=["ct"], class_names=["background", "a"])
    assert faults[0] == "1 weights of the model are not in the file, such as unused"
