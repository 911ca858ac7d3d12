"""Does a checkpoint become a file with its description, or nothing at all?"""

import hashlib
import json
import sys

import pytest
import torch

from innereye.configs.stages.export import ExportSettings
from innereye.errors import ExportError
from innereye.inference import export
from innereye.inference.export import export_network
from innereye.models.build import build_model
from innereye.models.portable import portable
from innereye.names import ExportFormat

SETTINGS = ExportSettings(
    image_channels=["flair", "t1"],
    ground_truth_ids=["anterior", "posterior"],
    architecture="UNet2D",
    feature_channels=[2],
    num_downsampling_paths=1,
    num_cpu_threads=1,
)


def network_of(seed):
    return build_model(
        architecture="UNet2D",
        input_channels=2,
        num_classes=3,
        feature_channels=[2],
        num_downsampling_paths=1,
        seed=seed,
    )


@pytest.fixture
def checkpoint(tmp_path):
    weights = {f"model.{name}": value for name, value in network_of(5).state_dict().items()}
    torch.save({"state_dict": weights}, tmp_path / "epoch_002.ckpt")
    return tmp_path / "epoch_002.ckpt"


def exported(checkpoint, export_format=ExportFormat.TORCHSCRIPT):
    file = checkpoint.parent / "exported_model" / f"model.{export_format}"
    export_network(
        checkpoint=checkpoint,
        settings=SETTINGS,
        window=(3, 16, 16),
        model_name="Hippocampus",
        export_format=export_format,
        file=file,
        description=file.with_name(f"{file.name}.json"),
    )
    return file


@pytest.mark.parametrize(
    "export_format",
    [pytest.param(ExportFormat.ONNX, marks=pytest.mark.slow), ExportFormat.TORCHSCRIPT],
)
def test_the_description_is_that_of_the_file_and_its_network(checkpoint, export_format):
    file = exported(checkpoint, export_format)
    found = json.loads(file.with_name(f"{file.name}.json").read_text())
    (facts,) = found["files"]
    assert (found["model"], found["checkpoint"]["file"]) == ("Hippocampus", "epoch_002.ckpt")
    assert found["input"]["channels"] == ["flair", "t1"]
    assert found["input"]["sizes_zyx"]["multiples_of"] == [1, 2, 2]
    assert found["output"]["classes"] == ["background", "anterior", "posterior"]
    assert facts["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert facts["check"]["largest_difference"] <= facts["check"]["tolerance"] == 1e-4
    assert [3, 16, 16] in [each["size_zyx"] for each in facts["check"]["inputs"]]


def test_a_file_of_other_weights_leaves_nothing_even_of_an_earlier_one(checkpoint, monkeypatch):
    folder = exported(checkpoint).parent
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setattr(export, "portable", lambda network: portable(network_of(6)))
    with pytest.raises(ExportError, match="The exported network is wrong"):
        exported(checkpoint)
    assert list(folder.iterdir()) == []


def test_without_onnx_torchscript_is_written_and_onnx_says_what_it_needs(checkpoint, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert exported(checkpoint).is_file()
    with pytest.raises(ExportError, match="pip install onnxruntime"):
        exported(checkpoint, ExportFormat.ONNX)
