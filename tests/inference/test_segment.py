"""Does a split become folders of volumes and a list of them, the same bytes each time?"""

import logging

import numpy as np
import pytest
import torch

from innereye.configs.stages.segment import EnsembleSettings
from innereye.errors import CheckpointError, ConfigError, DatasetError, ImageError
from innereye.inference import segment as module
from innereye.inference.segment import segment
from innereye.io.files import read_table
from innereye.io.image import Geometry, read_image, write_image
from innereye.models.build import build_model
from innereye.names import EnsembleAggregationType
from innereye.provenance.files import sha256_of

GEOMETRIES = {
    "2": Geometry((9, 14, 11), (3.0, 1.0, 1.0)),
    "a10": Geometry((5, 6, 7), (2.0, 1.5, 1.5), (1.0, 2.0, 3.0)),
    "a2": Geometry((16, 16, 16), (1.0, 1.0, 1.0)),
}
HEADER = "subject,filePath,channel\n"


@pytest.fixture(autouse=True)
def _threads_as_before():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def dataset(tmp_path):
    """Return a folder with three subjects of different sizes and without ground truth."""
    folder, lines = tmp_path / "data", [HEADER]
    for number, (subject, geometry) in enumerate(GEOMETRIES.items()):
        voxels = np.random.default_rng(number).normal(size=geometry.size_zyx).astype(np.float32)
        write_image(folder / f"{subject}_mri.nii.gz", voxels, geometry)
        lines.append(f"{subject},{subject}_mri.nii.gz,mri\n")
    (folder / "test_dataset.csv").write_text("".join(lines))
    return folder


@pytest.fixture
def settings(dataset):
    return EnsembleSettings(
        local_dataset=dataset,
        image_channels=["mri"],
        ground_truth_ids=["liver", "spleen"],
        norm_method="None",
        architecture="UNet3D",
        feature_channels=[2],
        num_downsampling_paths=1,
        test_crop_size=(8, 8, 8),
        inference_stride_size=(4, 4, 4),
        inference_batch_size=3,
        num_cpu_threads=1,
        max_num_gpus=0,
    )


@pytest.fixture
def checkpoints(tmp_path):
    return [save(tmp_path / f"{seed}.ckpt", seed) for seed in range(3)]


def network_of(seed):
    return build_model(
        architecture="UNet3D",
        input_channels=1,
        num_classes=3,
        feature_channels=[2],
        kernel_size=3,
        num_downsampling_paths=1,
        normalisation_layer="BatchNorm",
        seed=seed,
    )


def save(path, seed):
    weights = {f"model.{name}": value for name, value in network_of(seed).state_dict().items()}
    torch.save({"state_dict": weights}, path)
    return path


def run(folder, dataset, settings, checkpoints):
    segment(
        checkpoints=checkpoints,
        split_csv=dataset / "test_dataset.csv",
        output_folder=folder,
        settings=settings,
    )
    return read_table(folder / "segmentations.csv")


def test_the_manifest_lists_each_volume_in_natural_order(tmp_path, dataset, settings, checkpoints):
    table = run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    assert list(table) == ["subject", "file", "sha256", "size_zyx", "spacing_zyx_mm"]
    assert list(table["subject"].unique()) == ["2", "a2", "a10"]
    assert len(table) == 3 * 8
    assert list(table["file"][:2]) == ["002/background.nii.gz", "002/liver.nii.gz"]
    for file, sha256 in zip(table["file"], table["sha256"], strict=True):
        assert sha256_of(tmp_path / "Test" / file) == sha256


def test_volumes_have_the_geometry_of_the_input(tmp_path, dataset, settings, checkpoints):
    run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    image = read_image(tmp_path / "Test" / "a10" / "segmentation.nii.gz", None)
    assert image.geometry.differences(GEOMETRIES["a10"]) == []


def test_segmentation_and_posteriors_agree(tmp_path, dataset, settings, checkpoints):
    run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    folder = tmp_path / "Test" / "a2"
    names = ("background", "liver", "spleen")
    posteriors = np.stack(
        [read_image(folder / f"posterior_{name}.nii.gz", None).array for name in names]
    ).astype(int)
    segmentation = read_image(folder / "segmentation.nii.gz", None).array
    chosen = np.take_along_axis(posteriors, segmentation[None].astype(int), axis=0)[0]
    assert (chosen == posteriors.max(axis=0)).all()
    assert len(np.unique(segmentation)) > 1


def test_two_runs_give_the_same_bytes(tmp_path, dataset, settings, checkpoints, monkeypatch):
    tables = []
    for folder, threads in (("a", 1), ("b", 4)):
        monkeypatch.setattr(module, "WRITER_THREADS", threads)
        run(tmp_path / folder, dataset, settings, checkpoints[:2])
        tables.append((tmp_path / folder / "segmentations.csv").read_bytes())
    assert tables[0] == tables[1]


def test_an_ensemble_differs_from_its_members(tmp_path, dataset, settings, checkpoints):
    alone = [run(tmp_path / path.stem, dataset, settings, [path]) for path in checkpoints]
    together = run(tmp_path / "together", dataset, settings, checkpoints)
    assert all(list(table["file"]) == list(together["file"]) for table in alone)
    assert all(list(table["sha256"]) != list(together["sha256"]) for table in alone)


def test_a_majority_leaves_its_votes_as_posteriors(tmp_path, dataset, settings, checkpoints):
    how = settings.model_copy(
        update={"ensemble_aggregation_type": EnsembleAggregationType.MAJORITY_VOTE}
    )
    run(tmp_path / "Test", dataset, how, checkpoints)
    posterior = read_image(tmp_path / "Test" / "a2" / "posterior_liver.nii.gz", None).array
    assert set(np.unique(posterior)) <= {0, 85, 170, 255}


def test_an_empty_split_gives_a_list_without_rows(tmp_path, dataset, settings, checkpoints):
    (dataset / "test_dataset.csv").write_text(HEADER)
    table = run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    assert table.empty
    assert [path.name for path in (tmp_path / "Test").iterdir()] == ["segmentations.csv"]


def test_volumes_of_an_earlier_run_go(tmp_path, dataset, settings, checkpoints):
    run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    lines = (dataset / "test_dataset.csv").read_text().splitlines(keepends=True)
    (dataset / "test_dataset.csv").write_text("".join(lines[:2]))
    fewer = settings.model_copy(update={"ground_truth_ids": ["liver", "kidney"]})
    table = run(tmp_path / "Test", dataset, fewer, checkpoints[:1])
    files = set((tmp_path / "Test").rglob("*.nii.gz"))
    assert files == {tmp_path / "Test" / file for file in table["file"]}
    assert not (tmp_path / "Test" / "a2").exists()


def test_a_fault_of_checkpoint_or_data_set_leaves_old_results(
    tmp_path, dataset, settings, checkpoints
):
    before = run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    with pytest.raises(CheckpointError, match="does not exist"):
        run(tmp_path / "Test", dataset, settings, [tmp_path / "none.ckpt"])
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run(tmp_path / "Test", dataset, settings, [])
    (dataset / "a2_mri.nii.gz").unlink()
    with pytest.raises(DatasetError, match="subject a2"):
        run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    assert all((tmp_path / "Test" / file).is_file() for file in before["file"])


def test_a_broken_image_leaves_no_list(tmp_path, dataset, settings, checkpoints):
    run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    path = dataset / "a10_mri.nii.gz"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ImageError, match="a10_mri"):
        run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    assert not (tmp_path / "Test" / "segmentations.csv").exists()


def test_each_subject_has_one_line_in_the_log(tmp_path, dataset, settings, checkpoints, caplog):
    caplog.set_level(logging.INFO, logger="innereye.inference.segment")
    run(tmp_path / "Test", dataset, settings, checkpoints[:1])
    lines = [line for line in caplog.messages if line.startswith("Subject")]
    assert len(lines) == 3
    assert lines[0].startswith("Subject 2 (1 of 3): 9x14x11 voxels, ")


def test_an_exhausted_gpu_says_which_fields_help(
    tmp_path, dataset, settings, checkpoints, monkeypatch
):
    def exhausted(*_, **__):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(module, "predict", exhausted)
    with pytest.raises(ConfigError, match=r"Subject 2: .*inference_batch_size 3 .*test_crop_size"):
        run(tmp_path / "Test", dataset, settings, checkpoints[:1])


def test_a_data_set_without_a_folder_is_refused(tmp_path, dataset, settings, checkpoints):
    nowhere = settings.model_copy(update={"local_dataset": None})
    with pytest.raises(ConfigError, match="local_dataset"):
        run(tmp_path / "Test", dataset, nowhere, checkpoints[:1])
