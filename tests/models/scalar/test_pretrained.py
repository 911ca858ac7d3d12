"""Weights of a checkpoint: found behind any prefix, complete, or refused."""

import pytest
import torch
from torch import Tensor, nn

from innereye.errors import CheckpointError
from innereye.models.scalar.pretrained import load_encoder


class Encoder(nn.Module):
    """Names that occur once more inside a part, as in a ResNet."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 1)
        self.bn1 = nn.BatchNorm2d(2)
        self.layer1 = nn.Sequential(nn.ModuleDict({"conv1": nn.Conv2d(2, 2, 1)}))


def weights(prefix: str = "") -> dict[str, Tensor]:
    return {
        f"{prefix}{name}": torch.rand_like(v.float()) for name, v in Encoder().state_dict().items()
    }


@pytest.mark.parametrize("prefix", ["", "encoder.", "module.online.encoder.", "layer1.0."])
@pytest.mark.parametrize("is_nested", [False, True])
def test_weights_are_found_behind_any_prefix(prefix, is_nested):
    content = {"head.fc.weight": torch.ones(3), **weights(prefix)}
    encoder = Encoder()

    load_encoder(encoder, {"state_dict": content} if is_nested else content, source="a.ckpt")

    for name, value in encoder.state_dict().items():
        if value.dtype == torch.float32:
            assert torch.equal(value, content[prefix + name]), name


def test_a_missing_counter_of_batches_is_no_fault():
    content = {name: value for name, value in weights().items() if "num_batches" not in name}

    load_encoder(Encoder(), content, source="a.ckpt")


def test_what_is_missing_or_of_another_shape_is_named():
    content = weights("net.")
    del content["net.bn1.bias"]
    content["net.conv1.weight"] = torch.zeros(2, 2, 1, 1)

    with pytest.raises(CheckpointError) as caught:
        load_encoder(Encoder(), content, source="a.ckpt")

    assert str(caught.value) == (
        "a.ckpt does not hold the weights of Encoder: net.conv1.weight (size (2, 2, 1, 1) instead "
        "of size (2, 1, 1, 1)), net.bn1.bias (nothing instead of size (2,))."
    )


def test_a_checkpoint_of_something_else_is_refused_and_nothing_changes():
    encoder = Encoder()
    before = encoder.conv1.weight.clone()

    with pytest.raises(CheckpointError, match=r"a\.ckpt does not hold .* and \d+ more"):
        load_encoder(encoder, {"fc.weight": torch.ones(2)}, source="a.ckpt")

    assert torch.equal(encoder.conv1.weight, before)


def test_weights_for_colours_serve_grey_images_as_if_these_were_in_all_channels() -> None:
    of_colours, of_grey = nn.Conv2d(3, 4, 3), nn.Conv2d(1, 4, 3)
    load_encoder(of_grey, of_colours.state_dict(), source="a file")
    grey = torch.rand(2, 1, 5, 5)
    torch.testing.assert_close(of_grey(grey), of_colours(grey.repeat(1, 3, 1, 1)))
