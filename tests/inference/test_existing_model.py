"""Are checkpoints taken only when they are the model's, from wherever they come?"""

import json
import os
import pickle
import re
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import pytest
import torch

from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import InnerEyeError
from innereye.inference.checkpoint import load_network
from innereye.inference.existing_model import install_model, is_archive
from innereye.inference.found_checkpoints import checkpoints_of
from innereye.models.build import build_model

SETTINGS = SegmentSettings(
    image_channels=["mri"],
    ground_truth_ids=["anterior", "posterior"],
    architecture="UNet3D",
    feature_channels=[2],
    num_downsampling_paths=1,
)


def save(path, *, seed=5, **changes):
    network = build_model(
        architecture=changes.get("architecture", "UNet3D"),
        input_channels=1,
        num_classes=changes.get("num_classes", 3),
        feature_channels=[2],
        kernel_size=3,
        num_downsampling_paths=1,
        normalisation_layer="BatchNorm",
        num_residual_blocks=[1, 1],
        seed=seed,
    )
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"epoch": 2, "state_dict": weights}, path)
    return path


def model_folder(folder, members=12):
    """Make a folder as `package_ensemble` leaves it; members differ."""
    places = ["checkpoints/last.ckpt"]
    places += [f"checkpoints/OTHER_RUNS/{index}/last.ckpt" for index in range(1, members)]
    for index, place in enumerate(places):
        save(folder / place, seed=index)
    description = {"model_name": "A", "checkpoint_paths": sorted(places)}
    (folder / "model_inference_config.json").write_text(json.dumps(description))
    return folder


def installed(*sources, into):
    install_model(sources, into / "trained_models", partial(load_network, settings=SETTINGS))
    return [path.read_bytes() for path in checkpoints_of(into / "trained_models")]


def refused(source, into):
    with pytest.raises(InnerEyeError) as caught:
        installed(source, into=into)
    assert not (into / "trained_models").exists()
    assert not [path for path in into.iterdir() if path.name.startswith("model_")]
    return str(caught.value)


def test_checkpoints_keep_their_order_though_they_have_one_name(tmp_path):
    sources = [save(tmp_path / name / "last.ckpt", seed=ord(name)) for name in "bac"]
    assert installed(*sources, into=tmp_path) == [source.read_bytes() for source in sources]


def test_a_model_folder_gives_its_members_in_the_order_of_the_folds(tmp_path):
    folder = model_folder(tmp_path / "final_ensemble_model")
    others = [folder / f"checkpoints/OTHER_RUNS/{index}/last.ckpt" for index in range(1, 12)]
    first = folder / "checkpoints" / "last.ckpt"
    assert checkpoints_of(folder) == [first, *others]
    found = installed(folder, into=tmp_path)
    assert found == [path.read_bytes() for path in (first, *others)]


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_an_archive_of_a_model_folder_is_the_model(kind, tmp_path):
    folder = model_folder(tmp_path / "model", members=2)
    archive = tmp_path / f"model.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in folder.rglob("*"):
                zipped.write(path, path.relative_to(tmp_path))
    else:
        with tarfile.open(archive, "w:gz") as taped:
            taped.add(folder, "model")
    expected = [path.read_bytes() for path in checkpoints_of(folder)]
    assert installed(archive, into=tmp_path) == expected


def test_a_checkpoint_is_no_archive_although_it_is_a_zip(tmp_path):
    assert not is_archive(save(tmp_path / "a.ckpt"))
    assert not is_archive(tmp_path / "nothing.zip")


def test_a_folder_without_a_list_gives_its_checkpoints(tmp_path):
    paths = [save(tmp_path / "m" / name) for name in ("a2.ckpt", "a10.ckpt")]
    assert checkpoints_of(tmp_path / "m") == paths


class Exploit:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


@pytest.mark.parametrize("protocol", ["torch", "plain"])
def test_a_file_that_would_run_code_runs_none(protocol, tmp_path):
    path, mark = tmp_path / "evil.ckpt", tmp_path / "mark"
    if protocol == "torch":
        torch.save({"state_dict": {"model.a": Exploit(mark)}}, path)
    else:
        path.write_bytes(pickle.dumps(Exploit(mark)))
    sentence = refused(path, tmp_path)
    assert "could run code" in sentence or "no file that torch.save has written" in sentence
    assert not mark.exists()


def test_a_web_page_is_no_model(tmp_path):
    page = tmp_path / "a.ckpt"
    page.write_text("<!DOCTYPE html><html>Sign in</html>")
    assert "is a web page, not weights" in refused(page, tmp_path)


def test_a_tar_that_leads_out_of_its_folder_is_refused(tmp_path):
    save(tmp_path / "a.ckpt")
    with tarfile.open(tmp_path / "evil.tar", "w") as taped:
        taped.add(tmp_path / "a.ckpt", "../outside.ckpt")
    assert "'../outside.ckpt' leads out of the folder" in refused(tmp_path / "evil.tar", tmp_path)
    assert not list(tmp_path.parent.glob("outside*"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"num_classes": 4}, "it tells 4 classes apart; the model has 3"),
        ({"architecture": "ResidualUNet3D"}, "does not fit the model:.*check architecture"),
    ],
)
def test_another_network_is_explained(changes, sentence, tmp_path):
    path = save(tmp_path / "other.ckpt", **changes)
    assert re.search(sentence, refused(path, tmp_path), re.DOTALL)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    paths = [
        tmp_path / "missing.ckpt",
        save(tmp_path / "b.ckpt", num_classes=9),
        tmp_path / "c.ckpt",
    ]
    paths[2].write_bytes(save(tmp_path / "whole.ckpt").read_bytes()[:500])
    with pytest.raises(InnerEyeError) as caught:
        installed(*paths, into=tmp_path)
    assert all(path.name in str(caught.value) for path in paths)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is no description of a model"),
        ('{"model_name": "A"}', "must be JSON with 'checkpoint_paths'"),
        ('{"checkpoint_paths": ["../a.ckpt"]}', "leads out of the folder"),
        ('{"checkpoint_paths": ["/etc/passwd"]}', "leads out of the folder"),
        ('{"checkpoint_paths": ["b.ckpt"]}', "b.ckpt, which does not exist"),
        ('{"checkpoint_paths": []}', "no checkpoint, which does not exist"),
    ],
)
def test_a_list_of_checkpoints_is_not_trusted(text, sentence, tmp_path):
    save(tmp_path / "a.ckpt")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model_inference_config.json").write_text(text)
    with pytest.raises(InnerEyeError, match=sentence):
        checkpoints_of(folder)


def test_a_folder_of_something_else_is_told(tmp_path):
    with pytest.raises(InnerEyeError, match=r"holds neither model_inference_config\.json nor"):
        checkpoints_of(Path(tmp_path))
