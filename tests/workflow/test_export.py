"""Networks for other programs as targets."""

import json

import numpy as np
import onnxruntime
import pytest

from projects import Project

TARGETS = ("model.onnx", "model.torchscript.pt", "export.json")


def test_each_member_of_a_cross_validation_is_exported(project: Project) -> None:
    printed = project.succeed("-n", "export_model", number_of_cross_validation_splits=3)
    for fold in range(3):
        for name in TARGETS:
            assert f"outputs/CrossValResults/{fold}/exported_model/{name}" in printed
    assert "outputs/exported_model" not in printed


@pytest.mark.slow
def test_the_reported_epoch_is_exported_once(finished: Project, copy_of) -> None:
    project = copy_of(finished)
    assert project.jobs("export_model") == {"describe_export", "export_network", "export_model"}
    project.succeed("--cores", "2", "export_model")
    folder = project.path("outputs", "exported_model")
    facts = json.loads((folder / "export.json").read_text())
    assert facts["checkpoint"]["file"] == "epoch_002.ckpt"  # the third epoch is ruined
    assert [file["file"] for file in facts["files"]] == list(TARGETS[:2])
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    image = np.zeros((1, 1, 6, 8, 10), np.float32)
    assert session.run(None, {"image": image})[0].shape == (1, 3, 6, 8, 10)

    assert project.jobs("export_model") == set()
    assert project.jobs("export_model", plot_dpi=20) == set()
    assert project.jobs("export_model", level=60) >= {"train_model", "export_network"}
