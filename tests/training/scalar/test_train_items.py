"""Scalar models are trained: files to the letter, equal bytes again, faults in words."""

import csv
import shutil
from pathlib import Path

import pytest
import torch

from innereye.configs.classification.HelloClassification import HelloClassification
from innereye.configs.regression.HelloRegression import HelloRegression
from innereye.errors import ConfigError, DatasetError, InnerEyeError
from innereye.metrics.scalar.epoch_row import epoch_columns
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.scalar.train import train_items
from innereye.transforms.scalar.execution_modes import ModelTransformsPerExecutionMode
from innereye.transforms.scalar.image_transforms import ExpandChannels
from innereye.transforms.scalar.pipeline import ImageTransformationPipeline
from scalar_models import OF_TRAIN, arguments_of, change_table, small_model
from trainings import CHECKPOINT, ROW, files_of, train_until_killed

LONGER = {"num_epochs": 4, "test_epochs": [2, 4], "ema_decay": 0.9}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def trained(balls: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a training that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("trained")
    train_items(**arguments_of(small_model(balls, **LONGER), folder))
    return files_of(folder)


def test_a_training_leaves_checkpoints_and_tables_of_epochs(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls), tmp_path))
    checkpoints = ["checkpoints/epoch_002.ckpt", "checkpoints/last.ckpt"]
    assert list(files_of(tmp_path)) == [
        "Train/epoch_metrics.csv",
        "Val/epoch_metrics.csv",
        *checkpoints,
    ]
    for split, with_rate in (("Train", True), ("Val", False)):
        rows = table(tmp_path / split / "epoch_metrics.csv")
        columns = epoch_columns(["Default"], is_classification=True, with_learning_rate=with_rate)
        assert list(rows[0]) == columns
        assert [row["epoch"] for row in rows] == ["0", "1"]
    assert float(rows[0]["subject_count"]) == 4


def test_a_checkpoint_says_what_the_inputs_of_its_network_are(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls), tmp_path))
    inputs = load_checkpoint(tmp_path / "checkpoints" / "last.ckpt")["inputs"]
    assert inputs["image_shape"] == [1, 12, 13, 14]
    assert inputs["features"]["categories"] == {"sex": ["female", "male"]}
    ages = [float(row["age"]) for row in table(balls / "train.csv")]
    assert inputs["features"]["numerical"]["mean"] == pytest.approx([sum(ages) / OF_TRAIN])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deaths", "moment"), [((3,), CHECKPOINT), pytest.param((1,), ROW, marks=pytest.mark.slow)]
)
def test_a_killed_training_continues_to_the_same_bytes(
    deaths, moment, processes, balls, trained, tmp_path
) -> None:
    arguments = arguments_of(small_model(balls, **LONGER, num_dataload_workers=1), tmp_path)
    for epochs in deaths:
        train_until_killed(processes, arguments, epochs, moment=moment)
    assert not (tmp_path / "checkpoints").exists()
    train_items(**arguments)
    assert files_of(tmp_path) == trained


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields", [{"num_dataload_workers": 2}, {"autosave_every_n_val_epochs": 0}]
)
def test_the_machine_changes_no_byte(balls, trained, tmp_path, fields) -> None:
    train_items(**arguments_of(small_model(balls, **LONGER, **fields), tmp_path))
    assert files_of(tmp_path) == trained


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"random_seed": 7},
        {"mlp_dropout": 0.1},
        {"random_noise_std": 0.2},
        {"use_imbalanced_sampler_for_training": True},
        {"numerical_columns": "None"},
        {"norm_method": "None"},
    ],
)
def test_what_should_change_the_network_does(balls, trained, tmp_path, fields) -> None:
    train_items(**arguments_of(small_model(balls, **LONGER, **fields), tmp_path))
    name = "checkpoints/last.ckpt"
    assert files_of(tmp_path)[name] != trained[name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"class_names": "bright,large,old", "label_value_column": "findings"},
        {"loss_type": "WeightedCrossEntropyWithLogits"},
        {
            "class_names": "bright,large,old",
            "label_value_column": "findings",
            "loss_type": "ExclusiveCrossEntropyWithLogits",
        },
        {"image_file_column": "None"},
        {"architecture": "PlainEncoder", "num_encoder_blocks": 2},
        {"aggregation_type": "Gated"},
        {"image_size": "8,8,8"},
        {"center_crop_size": "14,9,9", "pad_small_images": True},
    ],
)
def test_every_kind_of_model_trains(balls, tmp_path, fields) -> None:
    train_items(**arguments_of(small_model(balls, **fields), tmp_path))
    (*_, last) = table(tmp_path / "Val" / "epoch_metrics.csv")
    assert float(last["loss"]) > 0


class Colours(HelloClassification):
    """A model whose transform makes colours of grey images."""

    def get_image_transform(self):
        pipeline = ImageTransformationPipeline([ExpandChannels()])
        return ModelTransformsPerExecutionMode(train=pipeline, val=pipeline, test=pipeline)


def test_a_network_has_the_channels_that_a_transform_leaves(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls, Colours), tmp_path))
    content = load_checkpoint(tmp_path / "checkpoints" / "last.ckpt")
    assert content["inputs"]["image_shape"] == [3, 12, 13, 14]
    first = next(weight for weight in content["state_dict"].values() if weight.ndim == 5)
    assert first.shape[1] == 3


def test_a_regression_answers_in_the_units_of_its_labels(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls, HelloRegression), tmp_path))
    scores = [float(row["score"]) for row in table(balls / "train.csv")]
    weights = load_checkpoint(tmp_path / "checkpoints" / "last.ckpt")["state_dict"]
    mean = next(value for name, value in weights.items() if name.endswith(".mean"))
    torch.testing.assert_close(mean, torch.tensor([sum(scores) / OF_TRAIN]))
    assert "mean_absolute_error" in table(tmp_path / "Val" / "epoch_metrics.csv")[0]


def copied(balls: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(balls, tmp_path / "data"))


@pytest.mark.parametrize("label", ["true", "false"])
def test_one_class_trains_and_scores_that_compare_classes_stay_empty(
    balls, tmp_path, label, caplog
) -> None:
    data = copied(balls, tmp_path)
    for name in ("train", "val"):
        for row in table(data / f"{name}.csv"):
            change_table(data / f"{name}.csv", "label", row["subject"], label)
    train_items(**arguments_of(small_model(data), tmp_path / "run"))
    (*_, last) = table(tmp_path / "run" / "Val" / "epoch_metrics.csv")
    assert last["area_under_roc_curve"] == last["optimal_threshold"] == ""
    assert float(last["cross_entropy"]) > 0
    assert "all labels are the same" in caplog.text


def test_subjects_without_a_label_are_named_and_left_out(balls, tmp_path, caplog) -> None:
    data = copied(balls, tmp_path)
    change_table(data / "train.csv", "label", "3", "")
    caplog.set_level("INFO")
    train_items(**arguments_of(small_model(data), tmp_path / "run"))
    rows = table(tmp_path / "run" / "Train" / "epoch_metrics.csv")
    assert float(rows[0]["subject_count"]) == OF_TRAIN - 1
    assert "subject 3: " in caplog.text


def test_val_may_be_empty(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls), tmp_path, val="none"))
    assert table(tmp_path / "Val" / "epoch_metrics.csv") == []
    assert len(table(tmp_path / "Train" / "epoch_metrics.csv")) == 2


def test_a_train_without_items_is_refused(balls: Path, tmp_path: Path) -> None:
    data = copied(balls, tmp_path)
    shutil.copy(data / "none.csv", data / "train.csv")
    with pytest.raises(DatasetError, match="The split Train has no subjects"):
        train_items(**arguments_of(small_model(data), tmp_path / "run"))


def test_subjects_that_come_twice_are_all_told_before_the_training(balls, tmp_path) -> None:
    data = copied(balls, tmp_path)
    text = (data / "train.csv").read_text()
    header, *rows = text.splitlines()
    (data / "train.csv").write_text("\n".join([header, *rows, *rows[:2]]) + "\n")
    with pytest.raises(DatasetError) as error:
        train_items(**arguments_of(small_model(data), tmp_path / "run"))
    assert "subject 1: there are 2 rows" in str(error.value)
    assert "subject 2: there are 2 rows" in str(error.value)


def test_images_that_cannot_be_read_are_all_told_before_the_first_epoch(balls, tmp_path) -> None:
    data = copied(balls, tmp_path)
    for name in ("002", "005"):
        (data / "images" / f"{name}.nii.gz").write_bytes(b"nothing")
    with pytest.raises(DatasetError) as error:
        train_items(**arguments_of(small_model(data), tmp_path / "run"))
    assert all(f"Subject {number}: " in str(error.value) for number in (2, 5))
    assert not (tmp_path / "run" / "Train").exists()


def test_a_network_that_diverges_ends_with_a_sentence(balls: Path, tmp_path: Path) -> None:
    fields = {"l_rate": 1e30, "gradient_clip_norm": "None", "l_rate_warmup": "NoWarmUp"}
    with pytest.raises(InnerEyeError, match=r"The loss became .* with the subjects"):
        train_items(**arguments_of(small_model(balls, **fields, num_epochs=6), tmp_path))


def test_a_training_goes_on_with_another_ones_checkpoint(balls: Path, tmp_path: Path) -> None:
    train_items(**arguments_of(small_model(balls), tmp_path / "first"))
    start = {"initial_checkpoint": tmp_path / "first" / "checkpoints" / "last.ckpt"}
    train_items(**arguments_of(small_model(balls, num_epochs=3), tmp_path / "second"), **start)
    assert [row["epoch"] for row in table(tmp_path / "second" / "Val" / "epoch_metrics.csv")] == [
        "2"
    ]
    other = arguments_of(small_model(balls, num_epochs=3, numerical_columns="None"), tmp_path / "x")
    with pytest.raises(InnerEyeError, match=r"check .*numerical_columns"):
        train_items(**other, **start)


def test_a_batch_that_is_never_full_is_refused_where_it_is_left_out(balls, tmp_path) -> None:
    fields = {"drop_last_batch_in_training": True, "train_batch_size": 64}
    with pytest.raises(ConfigError, match="an epoch has 10 items, train_batch_size is 64"):
        train_items(**arguments_of(small_model(balls, **fields), tmp_path))
