"""Subjects that lack structures train the others: the missing ones count nowhere."""

import numpy as np
import pytest
import torch

from innereye.data.dataset import read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.errors import DatasetError
from innereye.io.files import read_table, write_table
from innereye.names import PaddingMode
from innereye.training.crop_batch import Crop, collate
from innereye.training.crop_metrics import CropMetrics
from innereye.training.crop_store import Preparation, fill_store
from innereye.training.train import train
from phantoms import CHANNELS, MASK, STRUCTURES
from trainings import files_of


@pytest.fixture
def without_spleens(data_folder, tmp_path):
    """Return the table of Train, of which all subjects but the first lack one structure."""
    frame = read_dataset(data_folder / "train.csv")
    lacks = (frame["channel"] == "spleen") & (frame["subject"] != frame["subject"].iloc[0])
    write_table(tmp_path / "train.csv", frame[~lacks])
    return tmp_path / "train.csv"


def test_the_store_has_labels_of_zero_and_says_so(data_folder, without_spleens, tmp_path):
    subjects = read_subjects(
        read_dataset(without_spleens),
        root=data_folder,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
        masks_required=False,
    )
    preparation = Preparation(Normalisation(), (8, 12, 12), PaddingMode.EDGE)
    for _ in range(2):  # the second time from the store
        stored = fill_store(tmp_path / "x", subjects, preparation=preparation, num_workers=1)
        assert stored[0].has_structure == ()
        assert stored[1].has_structure == (True, False)
        assert stored[1].labels().shape[0] == 2
        assert stored[1].labels()[0].any()
        assert not stored[1].labels()[1].any()
        assert stored[1].class_counts[2] == 0


def crop(has_structure=()):
    labels = np.zeros((2, 1, 1, 4), np.uint8)
    labels[0, 0, 0, 0] = 1
    image = np.zeros((1, 1, 1, 4), np.float32)
    return Crop("1", image, labels, None, (1.0, 1.0, 1.0), None, has_structure)


def test_a_batch_says_which_labels_are_there():
    assert collate([crop(), crop((True, True))]).has_structure is None
    batch = collate([crop(), crop((True, False))])
    assert batch.has_structure.tolist() == [[True, True], [True, False]]
    assert batch.to("cpu").has_structure.dtype == torch.bool


def test_a_missing_structure_has_no_dice():
    batch = collate([crop(), crop((True, False))])
    logits = torch.zeros(2, 3, 1, 1, 4)
    logits[:, 1, ..., 0] = 5
    logits[:, 2, ..., 1] = 5  # wrong, as far as anyone knows
    sums = CropMetrics(2, torch.device("cpu"))
    sums.add(torch.tensor(0.0), logits, batch.labels, has_structure=batch.has_structure)
    assert sums.result().dice == (1.0, 0.0)
    assert sums.result().average_dice == 0.75


@pytest.fixture(scope="module")
def complete(training, tmp_path_factory):
    """Return the run folder of a training on complete subjects."""
    folder = tmp_path_factory.mktemp("complete")
    train(**training(folder))
    return folder


def test_a_training_learns_from_incomplete_subjects(training, without_spleens, complete, tmp_path):
    arguments = training(tmp_path / "run", allow_incomplete_labels=True)
    train(**{**arguments, "train_csv": without_spleens})
    rows, others = (
        read_table(run / "Train" / "epoch_metrics.csv") for run in (tmp_path / "run", complete)
    )
    assert rows["Dice/spleen"].tolist() != others["Dice/spleen"].tolist()
    losses = rows["loss"].astype(float)
    assert losses.iloc[-1] < losses.iloc[0]


def test_the_field_alone_changes_nothing(training, complete, tmp_path):
    train(**training(tmp_path, allow_incomplete_labels=True))
    assert files_of(tmp_path) == files_of(complete)


def test_without_the_field_a_missing_structure_is_a_fault(training, without_spleens, tmp_path):
    arguments = {**training(tmp_path / "run"), "train_csv": without_spleens}
    with pytest.raises(DatasetError, match="row is missing; with allow_incomplete_labels=True"):
        train(**arguments)
