import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.training.crop_batch import Crop
from innereye.training.epoch_stream import EpochBatches, EpochStream
from innereye.training.place import Place
from innereye.training.random_draws import Draws

SIZES = {"num_crops": st.integers(1, 20), "batch_size": st.integers(1, 6)}


@given(**SIZES, seed=st.integers(0, 3))
def test_an_epoch_has_each_crop_once_in_an_order_of_its_own(num_crops, batch_size, seed):
    batches = EpochBatches(
        num_crops, epochs=range(2, 4), batch_size=batch_size, shuffled_by=Draws(seed, -1)
    )
    keys = [key for batch in batches for key in batch]
    assert sorted(keys) == [(epoch, index) for epoch in (2, 3) for index in range(num_crops)]
    assert len(list(batches)) == len(batches)
    if num_crops > 10:
        assert keys[:num_crops] != [(2, index) for _, index in keys[num_crops:]]


@given(**SIZES)
def test_a_continued_training_has_the_batches_of_an_undisturbed_one(num_crops, batch_size):
    options = {"batch_size": batch_size, "shuffled_by": Draws(1, 2)}
    whole = list(EpochBatches(num_crops, epochs=range(5), **options))
    rest = list(EpochBatches(num_crops, epochs=range(3, 5), **options))
    assert whole[-len(rest) :] == rest


@given(**SIZES)
def test_dropping_the_last_batch_leaves_full_ones(num_crops, batch_size):
    batches = EpochBatches(num_crops, epochs=[0], batch_size=batch_size, drop_last=True)
    assert [len(batch) for batch in batches] == [batch_size] * (num_crops // batch_size)


def test_without_shuffling_the_order_is_that_of_the_subjects():
    assert list(EpochBatches(3, epochs=[1], batch_size=2)) == [[(1, 0), (1, 1)], [(1, 2)]]


@given(**SIZES, num_nodes=st.integers(1, 4), drop_last=st.booleans())
def test_the_parts_of_several_processes_are_the_batches_of_one(
    num_crops, batch_size, num_nodes, drop_last
):
    options = {"epochs": [3], "drop_last": drop_last, "shuffled_by": Draws(1, 2)}
    whole = list(EpochBatches(num_crops, batch_size=batch_size * num_nodes, **options))
    places = [Place(node=node, num_nodes=num_nodes) for node in range(num_nodes)]
    parts = [
        EpochBatches(num_crops, batch_size=batch_size, place=place, **options) for place in places
    ]
    for step, batches in enumerate(zip(*parts, strict=True)):
        weights = [part.weight(step) for part in parts]
        counting = [batch for batch, weight in zip(batches, weights, strict=True) if weight]
        assert [key for batch in counting for key in batch] == whole[step]
        assert all(0 < len(batch) <= batch_size for batch in batches)
        shares = [len(batch) / len(whole[step]) for batch in counting]
        assert [weight / num_nodes for weight in weights if weight] == pytest.approx(shares)


class Numbers(torch.utils.data.Dataset):
    """Crops whose one voxel says their key."""

    def __getitem__(self, key):
        voxel = torch.full((1, 1, 1, 1), 10.0 * key[0] + key[1]).numpy()
        return Crop("1", voxel, voxel, None, (1.0, 1.0, 1.0), None)


def test_each_iteration_of_a_stream_is_the_next_epoch_with_any_number_of_workers():
    for num_workers in (0, 2):
        batches = EpochBatches(3, epochs=range(2), batch_size=2)
        stream = EpochStream(Numbers(), batches, num_workers=num_workers, pin_memory=False)
        epochs = [[batch.images.flatten().tolist() for batch in stream] for _ in range(2)]
        assert epochs == [[[0, 1], [2]], [[10, 11], [12]]]
        assert stream.waited_s > 0


def test_an_iteration_that_is_never_used_takes_nothing():
    batches = EpochBatches(1, epochs=range(2), batch_size=1)
    stream = EpochStream(Numbers(), batches, num_workers=0, pin_memory=False)
    iter(stream)
    assert next(iter(stream)).images.item() == 0.0


def test_a_batch_says_what_it_weighs():
    for node, weights in ((0, [1.0, 2.0]), (1, [1.0, 0.0])):
        place = Place(node=node, num_nodes=2)
        batches = EpochBatches(3, epochs=[0], batch_size=1, place=place)
        stream = EpochStream(Numbers(), batches, num_workers=0, pin_memory=False)
        assert [batch.weight for batch in stream] == weights
