import numpy as np
import pytest

from innereye.data.crops import find_candidates
from innereye.data.dataset import Subject
from innereye.data.normalisation import Normalisation
from innereye.data.sample import load_sample
from innereye.errors import DatasetError
from innereye.names import PaddingMode
from innereye.training.crop_store import Preparation, fill_store

PREPARATION = Preparation(Normalisation(), (8, 12, 12), PaddingMode.EDGE)
LARGE_CROPS = Preparation(Normalisation(), (16, 12, 12), PaddingMode.EDGE)


def fill(folder, subjects, preparation=PREPARATION, num_workers=2):
    return fill_store(folder, subjects, preparation=preparation, num_workers=num_workers)


def test_the_store_holds_what_load_sample_gives(tmp_path, subjects):
    for subject, stored in zip(subjects, fill(tmp_path, subjects), strict=True):
        sample = load_sample(subject, Normalisation(), with_labels=True)
        assert (stored.subject, stored.spacing_zyx_mm) == (subject.subject, (3.0, 1.0, 1.0))
        np.testing.assert_array_equal(stored.image(), sample.image)
        np.testing.assert_array_equal(stored.labels(), sample.labels)
        np.testing.assert_array_equal(stored.mask(), sample.mask)


def test_each_class_has_the_voxels_that_a_crop_may_be_centred_on(tmp_path, subjects):
    stored = fill(tmp_path, subjects)[0]
    candidates = find_candidates(stored.labels(), stored.mask())
    for index, expected in enumerate(candidates):
        voxels = stored.class_voxels(index)
        assert voxels.count == stored.class_counts[index] == expected.count > 0
        for rank in (0, expected.count // 2, expected.count - 1):
            assert voxels.voxel(rank) == expected.voxel(rank)


def test_an_image_smaller_than_a_crop_is_filled_up_and_invalid_there(tmp_path, subjects):
    stored = fill(tmp_path, subjects, LARGE_CROPS)[0]
    assert stored.image().shape == (1, *stored.size_zyx) == (1, 16, 20, 24)
    assert not stored.mask()[:2].any()


def test_a_second_call_reads_no_image_and_gives_the_same(tmp_path, subjects):
    first = fill(tmp_path, subjects)
    gone = [Subject(each.subject, images={}, masks={}) for each in subjects]
    assert fill(tmp_path, gone) == first


def test_a_store_can_be_moved(tmp_path, subjects):
    image = fill(tmp_path / "here", subjects)[0].image().copy()
    (tmp_path / "here").rename(tmp_path / "there")
    np.testing.assert_array_equal(fill(tmp_path / "there", subjects)[0].image(), image)


def test_a_subject_that_was_not_finished_is_made_anew(tmp_path, subjects):
    expected = fill(tmp_path, subjects)[1].image().copy()
    (tmp_path / "00001.json").unlink()
    (tmp_path / "00001_image.npy").write_bytes(b"half")
    np.testing.assert_array_equal(fill(tmp_path, subjects)[1].image(), expected)


def test_all_faults_are_told_at_once(tmp_path, subjects):
    broken = []
    for name, subject in zip(("a.nii.gz", "b.nii.gz"), subjects, strict=False):
        (tmp_path / name).write_bytes(b"words" * 200)
        broken.append(Subject(subject.subject, {"ct": tmp_path / name}, subject.masks))
    with pytest.raises(DatasetError, match=r"(?s)a\.nii\.gz.*b\.nii\.gz"):
        fill(tmp_path / "store", [*broken, subjects[2]])
