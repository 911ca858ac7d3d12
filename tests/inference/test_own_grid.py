"""Results of resampled images lie in the geometry of their files, whatever the network works with."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from innereye.configs.stages.segment import EnsembleSettings
from innereye.data.resampling import OwnGrid, resampled_geometry
from innereye.data.sample import Sample
from innereye.errors import ImageError
from innereye.inference.own_grid import on_own_grid
from innereye.inference.segment import segment
from innereye.io.image import Geometry, read_image, write_image
from innereye.models.build import build_model
from innereye.provenance.files import sha256_of

OWN = Geometry((6, 14, 11), (3.0, 1.0, 1.0), (-3.0, 4.5, 100.0))
GRID = resampled_geometry(OWN, (1.5, 1.5, 1.5))
NAMES = ("background", "liver", "spleen")


def sample(mask=None):
    image = np.zeros((1, *GRID.size_zyx), np.float32)
    return Sample("1", image, None, None, GRID, OwnGrid(OWN, mask))


def test_a_sample_that_was_not_resampled_keeps_its_posteriors():
    posterior = np.zeros(GRID.size_zyx, np.float32)
    assert on_own_grid(posterior, 0, replace(sample(), own=None)) is posterior


@pytest.mark.parametrize("index", [0, 1])
def test_beyond_the_mask_of_the_files_background_is_certain(index):
    mask = np.zeros(OWN.size_zyx, np.uint8)
    mask[2:4] = 1
    found = on_own_grid(np.full(GRID.size_zyx, 0.4, np.float32), index, sample(mask))
    assert found.shape == OWN.size_zyx
    assert np.allclose(found[2:4], 0.4)
    assert (found[mask == 0] == (1 if index == 0 else 0)).all()


@pytest.fixture
def dataset(tmp_path):
    """Return a folder with one image that has a mask."""
    folder = tmp_path / "data"
    voxels = np.random.default_rng(0).normal(size=OWN.size_zyx).astype(np.float32)
    write_image(folder / "mri.nii.gz", voxels, OWN)
    mask = np.ones(OWN.size_zyx, np.uint8)
    mask[:, :3] = 0
    write_image(folder / "mask.nii.gz", mask, OWN)
    rows = ["subject,filePath,channel", "7,mri.nii.gz,mri", "7,mask.nii.gz,mask", ""]
    (folder / "test_dataset.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture
def segmented(tmp_path, dataset):
    """Segment the image with a network of random weights; return the folder of the volumes."""
    architecture = {
        "architecture": "UNet3D",
        "feature_channels": [2],
        "num_downsampling_paths": 1,
    }
    network = build_model(
        input_channels=1,
        num_classes=3,
        kernel_size=3,
        normalisation_layer="BatchNorm",
        seed=0,
        **architecture,
    )
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights}, tmp_path / "a.ckpt")
    threads = torch.get_num_threads()

    def run(name, members=1, **fields):
        settings = EnsembleSettings(
            local_dataset=dataset,
            image_channels=["mri"],
            ground_truth_ids=["liver", "spleen"],
            mask_id="mask",
            norm_method="None",
            test_crop_size=(8, 8, 8),
            num_cpu_threads=1,
            max_num_gpus=0,
            **architecture,
            **fields,
        )
        table = dataset / "test_dataset.csv"
        segment(
            checkpoints=[tmp_path / "a.ckpt"] * members,
            split_csv=table,
            output_folder=tmp_path / name,
            settings=settings,
        )
        return tmp_path / name / "007"

    yield run
    torch.set_num_threads(threads)


def test_every_volume_lies_exactly_where_the_image_lies(segmented):
    folder = segmented("Test", resample_spacing_zyx_mm=(1.5, 1.5, 1.5))
    volumes = {path.name: read_image(path, None) for path in folder.iterdir()}
    assert len(volumes) == 8
    own = read_image(folder / "segmentation.nii.gz", None).geometry
    assert own == read_image(folder.parents[1] / "data" / "mri.nii.gz", None).geometry
    assert all(volume.geometry == own for volume in volumes.values())
    outside = volumes["posterior_background.nii.gz"].array[:, :3]
    assert (outside == 255).all()
    total = sum(volumes[f"posterior_{name}.nii.gz"].array.astype(int) for name in NAMES)
    assert total.min() >= 253  # each of three is rounded down


def test_a_resampled_ensemble_of_equal_members_is_one_of_them(segmented):
    spacing = {"resample_spacing_zyx_mm": (1.5, 1.5, 1.5)}
    one, three = segmented("one", **spacing), segmented("three", members=3, **spacing)
    different = np.not_equal(
        *(read_image(folder / "segmentation.nii.gz", None).array for folder in (one, three))
    )
    assert np.count_nonzero(different) <= 1  # sums of three thirds differ in the last bit


def test_at_the_own_spacing_the_bytes_are_those_without_resampling(segmented):
    plain, same = segmented("plain"), segmented("same", resample_spacing_zyx_mm=(3.0, 1.0, 1.0))
    for path in plain.iterdir():
        assert sha256_of(path) == sha256_of(same / path.name)


def test_an_image_with_another_spacing_than_the_expected_one_is_refused(segmented):
    with pytest.raises(ImageError, match="Subject 7: the spacing"):
        segmented("refused", dataset_expected_spacing_xyz=(1.0, 1.0, 2.0))
