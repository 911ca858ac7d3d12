"""Pictures of where the crops of a training would lie."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from innereye.configs.stages.patch_sampling import PatchSamplingSettings
from innereye.errors import ConfigError, DatasetError
from innereye.io.files import read_table
from innereye.io.image import Geometry, read_image
from innereye.reports.patch_sampling import show_patch_sampling
from innereye.reports.patch_sampling_picture import HeatSlice, cut, heat_png
from phantoms import CHANNELS, MASK, SIZE, STRUCTURES, rewrite, write_dataset

FIELDS = {
    "image_channels": list(CHANNELS),
    "ground_truth_ids": list(STRUCTURES),
    "mask_id": MASK,
    "level": 50,
    "window": 200,
    "crop_size": (8, 12, 12),
    "class_weights": [0.2, 0.4, 0.4],
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder, ["1", "2", "b 3"])
    return folder


def shown(data, folder, **fields):
    """Return the folder with the pictures, and its files."""
    settings = PatchSamplingSettings(**{"local_dataset": data, **FIELDS, **fields})
    index = folder / "patch_sampling" / "patch_sampling.csv"
    show_patch_sampling(train_csv=data / "dataset.csv", settings=settings, index_csv=index)
    return index.parent, sorted(path.name for path in index.parent.iterdir())


def names(stem: str) -> list[str]:
    pictures = [f"{stem}_sampled_patches_dim{axis}.png" for axis in range(3)]
    return [f"{stem}_ct.nii.gz", f"{stem}_sampled_patches.nii.gz", *pictures]


@pytest.mark.parametrize("number", [0, 1, 3, 9])
def test_the_first_subjects_are_shown_and_listed(data, tmp_path, number):
    folder, files = shown(data, tmp_path, show_patch_sampling=number)

    stems = ["1", "2", "b_3"][:number]
    assert files == sorted([*(n for stem in stems for n in names(stem)), "patch_sampling.csv"])
    listed = read_table(folder / "patch_sampling.csv")
    assert sorted(listed["file"]) == sorted(set(files) - {"patch_sampling.csv"})
    assert set(listed["subject"]) == set(["1", "2", "b 3"][:number])


def test_volumes_lie_on_the_image_and_a_second_call_gives_the_same_bytes(data, tmp_path):
    folder, files = shown(data, tmp_path)
    before = {name: (folder / name).read_bytes() for name in files}

    image = read_image(folder / "1_ct.nii.gz")
    heat = read_image(folder / "1_sampled_patches.nii.gz", None)
    (folder / "left_over.png").touch()

    assert heat.array.dtype == np.uint16
    assert heat.array.sum() == 200 * 8 * 12 * 12
    truth = read_image(data / "001" / "ct.nii.gz").geometry
    assert image.geometry.differences(truth) == heat.geometry.differences(truth) == []
    assert -1 <= image.array.min() < image.array.max() <= 1
    shown(data, tmp_path)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_crops_larger_than_the_image_are_drawn_on_the_image_filled_up(data, tmp_path):
    folder, _ = shown(data, tmp_path, crop_size=(16, 20, 24))

    heat = read_image(folder / "1_sampled_patches.nii.gz", None)
    assert heat.geometry.size_zyx == (16, 20, 24)
    assert (heat.array == 200).all()


def test_an_image_of_one_slice_has_one_picture(tmp_path):
    write_dataset(tmp_path / "flat", ["1"])
    for path in (tmp_path / "flat").rglob("*.nii.gz"):
        rewrite(path, lambda array: array[5:6])

    _, files = shown(tmp_path / "flat", tmp_path, crop_size=(1, 8, 8))

    pngs = [name for name in files if name.endswith(".png")]
    assert pngs == ["1_sampled_patches.png"]


def test_faults_of_all_subjects_are_said_at_once_and_nothing_is_written(tmp_path):
    write_dataset(tmp_path / "broken", ["1", "2", "3"])
    for subject in ("001", "003"):
        rewrite(tmp_path / "broken" / subject / "mask.nii.gz", np.zeros_like)

    with pytest.raises(DatasetError, match=r"(?s)Subject 1.*Subject 3"):
        shown(tmp_path / "broken", tmp_path, show_patch_sampling=3)
    with pytest.raises(ConfigError, match="local_dataset"):
        settings = PatchSamplingSettings(**FIELDS)
        show_patch_sampling(
            train_csv=tmp_path / "broken" / "dataset.csv",
            settings=settings,
            index_csv=tmp_path / "patch_sampling" / "patch_sampling.csv",
        )
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


def corner(direction_z: float = 1.0, direction_y: float = 1.0, direction_x: float = 1.0):
    """Counts with their peak in the upper, posterior, left corner of a patient, and the geometry."""
    direction = (direction_x, 0.0, 0.0, 0.0, direction_y, 0.0, 0.0, 0.0, direction_z)
    geometry = Geometry(SIZE, (3.0, 1.0, 2.0), (0.0, 0.0, 0.0), direction)
    counts = np.zeros(SIZE, np.uint16)
    last = [-1 if cosine > 0 else 0 for cosine in (direction_z, direction_y, direction_x)]
    counts[tuple(last)] = 5
    return counts, geometry


@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, 1), (1, -1, -1), (-1, -1, 1)])
def test_the_head_is_up_however_the_image_is_stored(signs):
    counts, geometry = corner(*signs)

    peaks = []
    for axis in range(3):
        piece = cut(counts.astype(float), counts, geometry, axis)
        found = np.unravel_index(piece.counts.argmax(), piece.counts.shape)
        edges = [size - 1 for size in piece.counts.shape]
        peaks.append(tuple(int(place == edge) for place, edge in zip(found, edges, strict=True)))

    # Axial: posterior is down, the patient's left is right. Coronal: up, right. Sagittal: up, right.
    assert peaks == [(1, 1), (0, 1), (0, 1)]


def test_a_picture_keeps_the_proportions_and_is_red_where_crops_lie():
    counts = np.zeros((10, 20), np.uint16)
    counts[:, :10] = 4
    piece = HeatSlice(np.zeros((10, 20)), counts, (4.0, 1.0))

    png = heat_png(piece, grey_range=(-1.0, 1.0), most=4, caption="a")

    picture = imread(io.BytesIO(png))[30:]
    height, width = picture.shape[:2]
    assert height / width == pytest.approx(2.0, rel=0.02)
    left, right = picture[height // 2, width // 4, :3], picture[height // 2, 3 * width // 4, :3]
    np.testing.assert_allclose(left, (1.0, 0.0, 0.0), atol=0.02)
    np.testing.assert_allclose(right, (0.5, 0.5, 0.5), atol=0.02)
