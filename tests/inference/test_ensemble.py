"""Do members of an ensemble give the answer that their posteriors imply, one network at a time?"""

import gc
import weakref
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import CheckpointError
from innereye.inference.ensemble import Joint, Members
from innereye.inference.part import Part
from innereye.inference.scratch import Scratch
from innereye.inference.segmentation import segment_posteriors
from innereye.models.build import build_model
from innereye.names import EnsembleAggregationType

AVERAGE, VOTE = EnsembleAggregationType.AVERAGE, EnsembleAggregationType.MAJORITY_VOTE
SETTINGS = SegmentSettings(
    image_channels=["mri"],
    ground_truth_ids=["liver", "spleen"],
    architecture="UNet3D",
    feature_channels=[2],
    num_downsampling_paths=1,
)


def save(path, seed, classes=3):
    network = build_model(
        architecture="UNet3D",
        input_channels=1,
        num_classes=classes,
        feature_channels=[2],
        kernel_size=3,
        num_downsampling_paths=1,
        normalisation_layer="BatchNorm",
        seed=seed,
    )
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights}, path)
    return path


@pytest.fixture
def checkpoints(tmp_path):
    return [save(tmp_path / f"{seed}.ckpt", seed) for seed in range(3)]


def aggregate(members, how):
    """Return the joint posteriors (K, Z, Y, X) of arrays, and the classes, from two parts each."""
    joint = Joint(members[0].shape, how, members=len(members), scratch=Scratch(Path()))
    _, depth, height, width = members[0].shape
    for member in members:
        joint.add(
            Part((slice(0, depth), slice(0, height), part), member[..., part])
            for part in (slice(0, width // 2), slice(width // 2, width))
        )
    (whole,) = joint.parts()
    scores = whole.posteriors if whole.scores is None else whole.scores
    np.testing.assert_array_equal(np.stack(list(joint.classes())), whole.posteriors)
    return SimpleNamespace(posteriors=whole.posteriors, segmentation=segment_posteriors(scores))


def posteriors(*classes):
    """Return posteriors (K, 1, 1, voxels) from one list of numbers for each class."""
    return np.array(classes, dtype=np.float32)[:, None, None, :]


def test_members_come_in_order_each_with_its_own_weights_each_time(checkpoints):
    members = Members(checkpoints, SETTINGS)
    for _ in range(2):
        seen = [next(iter(network.parameters())).detach().clone() for network in members]
        stored = [
            next(iter(torch.load(path, weights_only=True)["state_dict"].values()))
            for path in checkpoints
        ]
        assert len(members) == 3
        assert all(torch.equal(a, b) for a, b in zip(seen, stored, strict=True))


def test_one_network_is_in_memory(checkpoints):
    members = Members(checkpoints, SETTINGS)
    assert len({id(network) for network in members}) == 1
    network = weakref.ref(next(iter(members)))
    del members
    gc.collect()
    assert network() is None


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_bad_member_is_named_before_anything_starts(checkpoints, bad):
    save(checkpoints[bad], 0, classes=2)
    with pytest.raises(CheckpointError, match=f"{bad}.ckpt does not fit"):
        Members(checkpoints, SETTINGS)
    with pytest.raises(CheckpointError, match="no checkpoint"):
        Members([], SETTINGS)


def test_the_average_is_the_mean_of_the_posteriors():
    a, b = posteriors([0.9, 0.4], [0.1, 0.6]), posteriors([0.3, 0.4], [0.7, 0.6])
    joined = aggregate([a, b], AVERAGE)
    np.testing.assert_allclose(joined.posteriors, posteriors([0.6, 0.4], [0.4, 0.6]), atol=1e-6)
    assert joined.segmentation.ravel().tolist() == [0, 1]


def test_votes_outweigh_a_single_sure_member():
    sure = posteriors([0.99], [0.01])
    unsure = [posteriors([0.45], [0.55]) for _ in range(2)]
    assert aggregate([sure.copy(), *unsure], AVERAGE).segmentation.item() == 0
    joined = aggregate([sure.copy(), *unsure], VOTE)
    assert joined.segmentation.item() == 1
    np.testing.assert_allclose(joined.posteriors.ravel(), [1 / 3, 2 / 3], atol=1e-6)


def test_the_mean_decides_between_equally_many_votes():
    a, b = (
        posteriors([0.0, 0.0], [0.9, 0.6], [0.1, 0.4]),
        posteriors([0, 0], [0.4, 0.1], [0.6, 0.9]),
    )
    joined = aggregate([a, b], VOTE)
    assert joined.segmentation.ravel().tolist() == [1, 2]
    np.testing.assert_allclose(joined.posteriors[1:].ravel(), 0.5)


@pytest.mark.parametrize("how", list(EnsembleAggregationType))
def test_one_member_stays_as_it_is(how):
    alone = posteriors([0.2, 0.7], [0.8, 0.3])
    joined = aggregate([alone.copy()], how)
    np.testing.assert_array_equal(joined.posteriors, alone)


@pytest.mark.parametrize("how", list(EnsembleAggregationType))
def test_the_order_of_members_changes_no_class_and_sums_stay_one(how):
    numbers = np.random.default_rng(0).dirichlet(np.ones(4), size=(5, 300)).astype(np.float32)
    members = [member.T.reshape(4, 3, 10, 10) for member in numbers]
    forth = aggregate([member.copy() for member in members], how)
    back = aggregate([member.copy() for member in reversed(members)], how)
    np.testing.assert_allclose(forth.posteriors, back.posteriors, atol=1e-6)
    np.testing.assert_allclose(forth.posteriors.sum(axis=0), 1, atol=1e-6)
    assert (forth.segmentation == back.segmentation).mean() > 0.999


@pytest.mark.parametrize("how", list(EnsembleAggregationType))
@given(classes=st.integers(2, 5), members=st.integers(2, 7), seed=st.integers(0, 99))
def test_an_ensemble_of_equal_members_equals_one(how, classes, members, seed):
    alone = np.random.default_rng(seed).dirichlet(np.ones(classes), size=60).astype(np.float32)
    alone = alone.T.reshape(classes, 3, 4, 5)
    joined = aggregate([alone] * members, how)
    np.testing.assert_array_equal(joined.segmentation, segment_posteriors(alone))
    if how is AVERAGE:
        # Each sum of float32 rounds once; a power of two as the number of members would be exact.
        np.testing.assert_allclose(joined.posteriors, alone, rtol=members * 6e-8)
        if members in (2, 4):
            np.testing.assert_array_equal(joined.posteriors, alone)
    else:
        assert set(np.unique(joined.posteriors)) <= {0.0, 1.0}
