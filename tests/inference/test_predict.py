"""Is a prediction what network, members and post-processing say, in the order that is promised?"""

import numpy as np
import pytest
import torch
from torch import nn

from innereye.architectures import NetworkSizes
from innereye.configs.stages.segment import EnsembleSettings
from innereye.data.resampling import OwnGrid, resample_posterior
from innereye.data.sample import Sample
from innereye.errors import CheckpointError
from innereye.inference.postprocessing.components import keep_largest_components
from innereye.inference.postprocessing.holes import fill_holes
from innereye.inference.postprocessing.slice_exclusion import exclude_slices
from innereye.inference.postprocessing.smoothing import smooth
from innereye.inference.postprocessing.summed_probability import apply_summed_probability
from innereye.inference.predict import predict
from innereye.inference.scratch import Scratch
from innereye.inference.segmentation import segment_posteriors, to_bytes, uncertainty
from innereye.io.image import Geometry

SIZE = (7, 9, 8)
GEOMETRY = Geometry(SIZE, (3.0, 1.0, 1.5))
STRUCTURES = ["rectum", "bladder", "body"]
CPU = torch.device("cpu")
RULES = {
    "summed_probability_rules": [("rectum", "bladder", "body")],
    "largest_connected_component_foreground_classes": ["rectum", ("body", 0.1)],
    "slice_exclusion_rules": [("bladder", "rectum", True)],
    "fill_holes": [False, False, True],
}


@pytest.fixture(autouse=True)
def _one_thread():
    """Images are tiny here: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Said(nn.Module):
    """The image's channels as logits, plus a number for each class."""

    def __init__(self, *extra):
        super().__init__()
        self.sizes = NetworkSizes()
        self.extra = torch.tensor(extra or (0.0,) * 4).reshape(1, -1, 1, 1, 1)

    def forward(self, patches):
        return patches + self.extra


def settings_of(**fields):
    return EnsembleSettings(
        image_channels=["a", "b", "c", "d"],
        ground_truth_ids=STRUCTURES,
        test_crop_size=(4, 9, 8),
        **fields,
    )


def sample_of(seed=0, own=None, size=SIZE):
    """Return a sample whose channels are the logits of four classes in clumps."""
    noise = np.random.default_rng(seed).normal(size=(4, *size))
    image = np.stack([smooth(each, (1, 1, 1), (1, 1, 1)) for each in noise]).astype(np.float32)
    image[3, 1, 1:6, 1:6] += 5  # the body in a slice, with a hole
    image[0, 1, 3, 3] += 10
    return Sample("7", 8 * image, None, None, Geometry(size, (3.0, 1.0, 1.5)), own)


def posteriors_of(sample, *extra):
    logits = torch.from_numpy(sample.image)[None]
    return Said(*extra)(logits).softmax(dim=1)[0].numpy()


def predicted(sample, folder, *, networks=None, limit=2**20, **fields):
    return predict(networks or [Said()], sample, settings_of(**fields), CPU, Scratch(folder, limit))


@pytest.mark.parametrize("blending", ["Crop", "Gaussian"])
def test_without_post_processing_there_is_what_the_network_says(tmp_path, blending):
    sample = sample_of()
    expected = posteriors_of(sample)
    found = predicted(sample, tmp_path, inference_blending=blending)
    np.testing.assert_array_equal(found.segmentation, segment_posteriors(expected))
    assert np.abs(found.posteriors.astype(int) - to_bytes(expected)).max() <= 1
    assert np.abs(found.uncertainty.astype(int) - to_bytes(uncertainty(expected))).max() <= 1
    assert found.mean_uncertainty() == pytest.approx(uncertainty(expected).mean(), abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_is_smoothing_sums_components_slices_holes(tmp_path, seed):
    sample = sample_of(seed)
    found = predicted(sample, tmp_path, posterior_smoothing_mm=(3, 1, 1), **RULES)
    posteriors = np.stack(
        [smooth(each, (3, 1, 1), (3.0, 1.0, 1.5)) for each in posteriors_of(sample)]
    )
    segmentation = segment_posteriors(posteriors)
    apply_summed_probability(segmentation, posteriors, [(1, 2, 3)])
    keep_largest_components(segmentation, 1)
    keep_largest_components(segmentation, 3, 0.1)
    exclude_slices(segmentation, higher=2, lower=1, higher_dominates=True)
    fill_holes(segmentation, [3])
    np.testing.assert_array_equal(found.segmentation, segmentation)
    np.testing.assert_array_equal(found.posteriors, to_bytes(posteriors))
    np.testing.assert_array_equal(found.uncertainty, to_bytes(uncertainty(posteriors)))


@pytest.mark.parametrize("field", sorted(RULES))
def test_each_field_changes_the_segmentation_and_no_posterior(tmp_path, field):
    changed = 0
    for seed in range(4):
        before = predicted(sample_of(seed), tmp_path)
        after = predicted(sample_of(seed), tmp_path, **{field: RULES[field]})
        changed += int((before.segmentation != after.segmentation).any())
        np.testing.assert_array_equal(before.posteriors, after.posteriors)
    assert changed


def test_rules_are_left_out_where_they_are_disabled(tmp_path):
    rules = {name: RULES[name] for name in ("summed_probability_rules", "slice_exclusion_rules")}
    for seed in range(3):
        alone = predicted(sample_of(seed), tmp_path)
        off = predicted(sample_of(seed), tmp_path, disable_extra_postprocessing=True, **rules)
        np.testing.assert_array_equal(off.segmentation, alone.segmentation)


@pytest.mark.parametrize("how", ["Average", "MajorityVote"])
@pytest.mark.parametrize("smoothing", [None, (3, 1, 1)])
@pytest.mark.parametrize("members", [1, 3, 4])
def test_an_ensemble_of_equal_members_equals_one(tmp_path, members, how, smoothing):
    sample = sample_of()
    fields = {"posterior_smoothing_mm": smoothing, "ensemble_aggregation_type": how, **RULES}
    one = predicted(sample, tmp_path, **fields)
    many = predicted(sample, tmp_path, networks=[Said()] * members, **fields)
    if how == "Average":
        np.testing.assert_array_equal(many.segmentation, one.segmentation)
        # A sum of float32 rounds, so the mean may fall short of the next byte.
        assert np.abs(many.posteriors.astype(int) - one.posteriors).max() <= 1
        if members in (1, 2, 4):
            np.testing.assert_array_equal(many.posteriors, one.posteriors)
    elif members > 1 and smoothing is None:
        assert set(np.unique(many.posteriors)) <= {0, 255}


@pytest.mark.parametrize("how", ["Average", "MajorityVote"])
@pytest.mark.parametrize("smoothing", [None, (3, 1, 1)])
def test_results_by_way_of_files_are_the_same(tmp_path, how, smoothing):
    networks = [Said(), Said(0.5, 0.0, 0.0, 0.0), Said(0.0, 1.0, 0.0, 0.5)]
    fields = {"posterior_smoothing_mm": smoothing, "ensemble_aggregation_type": how}
    memory, files = (
        predicted(sample_of(), tmp_path, networks=networks, limit=limit, **fields)
        for limit in (2**20, 0)
    )
    for name in ("segmentation", "posteriors", "uncertainty"):
        np.testing.assert_array_equal(getattr(memory, name), getattr(files, name))
    assert not any(tmp_path.iterdir())


def test_uncertainty_is_that_of_the_joint_posteriors(tmp_path):
    networks = [Said(), Said(2.0, 0.0, 0.0, 0.0)]
    sample = sample_of()
    mean = (posteriors_of(sample) + posteriors_of(sample, 2.0, 0.0, 0.0, 0.0)) / 2
    found = predicted(sample, tmp_path, networks=networks)
    assert np.abs(found.uncertainty.astype(int) - to_bytes(uncertainty(mean))).max() <= 1


@pytest.mark.parametrize("members", [1, 2])
def test_results_of_a_resampled_image_lie_on_the_grid_of_its_file(tmp_path, members):
    own = Geometry((11, 13, 9), (2.0, 0.75, 1.5))
    mask = np.ones(own.size_zyx, np.uint8)
    mask[:3] = 0
    sample = sample_of(own=OwnGrid(own, mask))
    found = predicted(
        sample, tmp_path, networks=[Said()] * members, posterior_smoothing_mm=(1, 1, 1)
    )
    resampled = [resample_posterior(each, sample.geometry, own) for each in posteriors_of(sample)]
    for index, each in enumerate(resampled):
        each[mask == 0] = index == 0
    expected = np.stack([smooth(each, (1, 1, 1), own.spacing_zyx_mm) for each in resampled])
    np.testing.assert_array_equal(found.segmentation, segment_posteriors(expected))
    np.testing.assert_array_equal(found.posteriors, to_bytes(expected))


def test_numbers_that_overflow_are_refused_with_subject_and_count(tmp_path):
    sample = sample_of()
    sample.image[0, 2, 3, 4] = sample.image[1, 6, 8, 7] = np.inf
    with pytest.raises(CheckpointError, match=r"Subject 7: .* 2 of 504 voxels"):
        predicted(sample, tmp_path)


@pytest.mark.parametrize("smoothing", [None, (0, 0, 0), (1, 1, 1)])
def test_equal_votes_are_decided_by_the_mean_with_smoothing_too(tmp_path, smoothing):
    sample = Sample("7", np.zeros((4, *SIZE), np.float32), None, None, GEOMETRY, None)
    members = [Said(0.0, 30.0, 0.0, 0.0), Said(0.1, 0.0, 0.0, 0.0)]
    found = predicted(
        sample,
        tmp_path,
        networks=members,
        ensemble_aggregation_type="MajorityVote",
        posterior_smoothing_mm=smoothing,
    )
    assert (found.segmentation == 1).all()
