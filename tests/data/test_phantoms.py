"""The phantoms are sound, always the same, and shuffled labels tell nothing."""

import numpy as np
import pytest

from innereye.data.check import check_dataset
from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.phantoms import IMAGES, MASK, STRUCTURES, PhantomSet, make_phantoms
from innereye.io.image import read_geometry, read_image
from innereye.provenance.files import sha256_of

SMALL = (20, 24, 22)
TWO_CHANNELS = PhantomSet(image_channels=IMAGES)


def make(folder, **changes):
    return make_phantoms(folder, **{"subjects": 4, "seed": 5, "size_zyx": SMALL, **changes})


def arrays(folder, *names):
    return [
        [read_image(folder / f"{number:03d}" / f"{name}.nii.gz").array for name in names]
        for number in range(1, 5)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make(tmp_path_factory.mktemp("phantoms"), content=TWO_CHANNELS).parent


def test_phantoms_are_a_data_set_without_faults(folder):
    frame = read_dataset(folder / "dataset.csv")
    lists = {"image_channels": IMAGES, "ground_truth_ids": STRUCTURES, "mask_id": MASK}
    subjects = read_subjects(frame, root=folder, **lists)
    assert [subject.subject for subject in subjects] == ["1", "2", "3", "4"]
    assert {subject.institution for subject in subjects} == {"north", "south"}
    result = check_dataset(
        frame, root=folder, **lists, check_exclusive=True, previous=None, workers=1
    )
    assert result.faults == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(folder, tmp_path):
    def hashes(where):
        return {str(p.relative_to(where)): sha256_of(p) for p in where.rglob("*") if p.is_file()}

    make(tmp_path / "same", content=TWO_CHANNELS)
    make(tmp_path / "other", content=TWO_CHANNELS, seed=6)
    assert hashes(tmp_path / "same") == hashes(folder)
    assert hashes(tmp_path / "other") != hashes(folder)


def test_subjects_differ_in_grid_and_spacing(folder):
    found = [read_geometry(folder / f"{n:03d}" / "channel1.nii.gz") for n in range(1, 5)]
    assert len({geometry.size_zyx for geometry in found}) > 1
    assert len({geometry.spacing_zyx_mm for geometry in found}) == 4
    assert all(2.7 < geometry.spacing_zyx_mm[0] < 3.3 for geometry in found)


def test_no_threshold_finds_a_structure(folder):
    for image, *masks in arrays(folder, "channel1", *STRUCTURES):
        for mask in masks:
            best = max(
                dice(mask > 0, (image > low) & (image < high))
                for low in range(0, 120, 10)
                for high in range(low + 10, 200, 10)
            )
            assert best < 0.8


def dice(one, other):
    return 2 * np.sum(one & other) / max(np.sum(one) + np.sum(other), 1)


def test_structures_are_worth_segmenting(folder):
    for body, *masks in arrays(folder, MASK, *STRUCTURES):
        assert all(0.01 < mask.sum() / mask.size < 0.2 for mask in masks)
        assert all(np.all(body[mask > 0] == 1) for mask in masks)


def test_shuffled_labels_lie_elsewhere_under_the_same_images(folder, tmp_path):
    make(tmp_path, content=TWO_CHANNELS, shuffle_labels=True)
    true, shuffled = (
        arrays(folder, *IMAGES[:1], *STRUCTURES),
        arrays(tmp_path, *IMAGES[:1], *STRUCTURES),
    )
    for (image, *masks), (same, *moved) in zip(true, shuffled, strict=True):
        assert np.array_equal(image, same)
        for mask, other in zip(masks, moved, strict=True):
            assert mask.sum() == other.sum()
            assert dice(mask > 0, other > 0) < 0.4


MANY = PhantomSet(
    image_channels=("ct", "heart"),
    structures=tuple(f"s{number}" for number in range(22)),
    mask_id="heart",
    group_column="groupID",
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    return make(folder, size_zyx=(40, 48, 44), subjects=2, content=MANY).parent


def test_phantoms_of_any_model_are_a_data_set_without_faults(many):
    frame = read_dataset(many / "dataset.csv")
    lists = {
        "image_channels": MANY.image_channels,
        "ground_truth_ids": MANY.structures,
        "mask_id": MANY.mask_id,
    }
    result = check_dataset(
        frame, root=many, **lists, check_exclusive=True, previous=None, workers=1
    )
    assert result.faults == []
    assert list(frame["groupID"].unique()) == ["group_1"]


def test_every_structure_has_voxels_that_show(many):
    for number in (1, 2):
        files = {path.name: read_image(path).array for path in (many / f"{number:03d}").iterdir()}
        image = files["ct.nii.gz"].astype(float)
        body = files["heart.nii.gz"] > 0
        for name in MANY.structures:
            inside = files[f"{name}.nii.gz"] > 0
            assert inside.sum() > 20
            assert abs(image[inside].mean() - np.median(image[body])) > 10


def test_a_single_structure_is_the_first(tmp_path, folder):
    make(tmp_path, content=PhantomSet(structures=("liver",), mask_id=None), subjects=1)
    assert {path.name for path in (tmp_path / "001").iterdir()} == {
        "channel1.nii.gz",
        "liver.nii.gz",
    }
    one = read_image(tmp_path / "001" / "liver.nii.gz").array
    assert np.array_equal(one, read_image(folder / "001" / "region.nii.gz").array)
