import numpy as np
import pytest
import torch

from innereye.data.normalisation import Normalisation
from innereye.names import PaddingMode
from innereye.training.augmentation import Augmentation
from innereye.training.crop_batch import collate, one_hot
from innereye.training.crop_dataset import CropDataset
from innereye.training.crop_store import Preparation, fill_store
from innereye.training.random_draws import Draws

CROP = (8, 12, 12)
AUGMENTATION = Augmentation(
    random_rotation_degrees=(10.0, 10.0, 10.0),
    random_scaling=(0.9, 1.1),
    random_brightness=0.1,
    random_contrast=(1.0, 1.0),
    random_gamma=(1.0, 1.0),
    random_noise_std=0.1,
    random_elastic_mm=0.0,
    random_elastic_smoothness_mm=32.0,
    random_flip_axes=(),
    random_blur=(0.0, 0.0),
    augmentation_probability=1.0,
    output_range=(-1.0, 1.0),
    check_exclusive=True,
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory, subjects):
    preparation = Preparation(Normalisation(), CROP, PaddingMode.EDGE)
    folder = tmp_path_factory.mktemp("store")
    return fill_store(folder, subjects, preparation=preparation, num_workers=1)


@pytest.fixture
def make(stored):
    def dataset(**options):
        options = {"augmentation": AUGMENTATION, "class_weights": None, "seed": 1, **options}
        draws = Draws(options.pop("seed"), options.pop("fold", -1))
        return CropDataset(stored, crop_size=CROP, draws=draws, **options)

    return dataset


def same(first, second) -> bool:
    return np.array_equal(first.image, second.image) and first.change == second.change


def test_a_crop_is_a_function_of_its_key_alone(make):
    first, second = make(), make()
    second[0, 3], second[5, 0]
    assert all(
        same(first[epoch, index], second[epoch, index]) for epoch in (0, 1) for index in (0, 3)
    )


@pytest.mark.parametrize("other", [{"seed": 2}, {"fold": 0}, {"key": (1, 0)}, {"key": (0, 4)}])
def test_another_seed_fold_epoch_or_index_gives_another_crop(make, other):
    key = other.pop("key", (0, 0))
    crops_of_one_subject = {"crops_per_subject": 8}
    first = make(**crops_of_one_subject)[0, 0]
    second = make(**crops_of_one_subject, **other)[key]
    assert first.subject == second.subject
    assert first.change != second.change


def test_each_subject_has_its_crops(make):
    dataset = make(crops_per_subject=2)
    assert len(dataset) == 8
    assert [dataset[0, index].subject for index in range(8)] == [*"112233", "10", "10"]


def test_validation_crops_are_unchanged_and_the_same_in_every_epoch(make):
    dataset = make(augmentation=None)
    assert dataset[0, 2].change is None
    assert same(dataset[0, 2], dataset[7, 2])


def test_image_labels_and_mask_are_cut_at_the_same_place(make, stored):
    crop = make()[0, 1]
    subject = stored[1]
    sizes = [range(size - edge + 1) for size, edge in zip(subject.size_zyx, CROP, strict=True)]
    found = [
        (z, y, x)
        for z in sizes[0]
        for y in sizes[1]
        for x in sizes[2]
        if np.array_equal(subject.image()[:, z : z + 8, y : y + 12, x : x + 12], crop.image)
    ]
    assert len(found) == 1
    place = tuple(slice(a, a + n) for a, n in zip(found[0], CROP, strict=True))
    np.testing.assert_array_equal(subject.labels()[(slice(None), *place)], crop.labels)
    np.testing.assert_array_equal(subject.mask()[place], crop.mask)


def test_the_class_weights_choose_what_a_crop_shows(make):
    dataset = make(class_weights=[0.0, 0.0, 1.0])
    assert all(dataset[epoch, index].labels[1].any() for epoch in range(5) for index in range(4))


def test_a_batch_holds_its_crops_and_a_missing_mask_is_valid_everywhere(make):
    crops = [make()[0, index] for index in (0, 1)]
    without_mask = crops[1].__class__(**{**crops[1].__dict__, "mask": None})
    batch = collate([crops[0], without_mask])
    assert batch.subjects == ("1", "2")
    assert batch.images.shape == (2, 1, *CROP)
    np.testing.assert_array_equal(batch.masks[0].numpy(), crops[0].mask)
    assert (batch.masks[1] == 1).all()
    assert collate([without_mask]).masks is None


def test_one_hot_puts_the_background_where_no_structure_is():
    labels = torch.tensor([[[1, 0, 0]], [[0, 1, 0]]], dtype=torch.uint8).view(1, 2, 1, 1, 3)
    assert one_hot(labels)[0, :, 0, 0].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_brightness_and_noise_are_shares_of_the_output_range(make):
    wide = Augmentation(**{**AUGMENTATION.__dict__, "output_range": (0.0, 10.0)})
    narrow, five_times = make()[0, 0].change, make(augmentation=wide)[0, 0].change
    assert five_times.intensity.brightness == pytest.approx(5 * narrow.intensity.brightness)
    assert five_times.intensity.noise_std == pytest.approx(5 * narrow.intensity.noise_std)
