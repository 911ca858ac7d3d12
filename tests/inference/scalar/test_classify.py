"""Scalar models are applied: outputs of one network and of several, unknown labels, wrong files."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from innereye.configs.classification.HelloClassification import HelloClassification
from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.data.scalar.network_inputs import INPUTS
from innereye.errors import CheckpointError, ImageError, InnerEyeError
from innereye.inference.scalar.classify import Place, classify
from innereye.io.files import read_table
from innereye.metrics.scalar.columns import INFERENCE_COLUMNS, MODEL_OUTPUTS_COLUMNS
from innereye.metrics.scalar.result_files import read_results
from innereye.models.scalar.build import build_scalar_model
from innereye.names import Split
from innereye.scalar_architectures.shape import ScalarShape
from scalar_models import change_table, classify_settings, small_model, write_balls

INPUTS_OF_BALLS = {
    "features": {
        "categories": {"sex": ["female", "male"]},
        "numerical": {"names": ["age"], "mean": [50.0], "std": [20.0]},
    },
    "image_shape": [1, 12, 13, 14],
}
TARGETS = ["bright", "large", "old"]


@pytest.fixture(scope="module")
def balls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_balls(tmp_path_factory.mktemp("balls"))


def checkpoint(path: Path, *, seed: int = 1, targets: int = 1, **shape: object) -> Path:
    """Write a checkpoint of the small model with drawn weights."""
    numbers = {"num_encoder_blocks": 1, "initial_feature_channels": 2, **shape}
    network = build_scalar_model(
        ScalarShape(num_targets=targets, num_features=3, image_size=(12, 13, 14), **numbers),
        seed=seed,
    )
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights, INPUTS: INPUTS_OF_BALLS}, path)
    return path


def applied(
    balls: Path,
    checkpoints: list[Path],
    folder: Path,
    *,
    table: str = "val",
    split: Split = Split.VAL,
    kind: type[ScalarModelBase] = HelloClassification,
    **fields: object,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return metrics.csv and model_outputs.csv of a split."""
    model = small_model(balls, kind, **fields)
    classify(
        checkpoints=checkpoints,
        split_csv=balls / f"{table}.csv",
        output_folder=folder,
        place=Place(split, epoch=3, fold=1),
        settings=classify_settings(model),
        model=model,
    )
    return read_results(folder / "metrics.csv"), read_results(folder / "model_outputs.csv")


def test_files_have_a_row_for_each_subject(balls: Path, tmp_path: Path) -> None:
    metrics, outputs = applied(balls, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out")
    assert tuple(metrics) == INFERENCE_COLUMNS
    assert tuple(outputs) == MODEL_OUTPUTS_COLUMNS
    assert list(metrics["subject"]) == list(outputs["subject"]) == ["11", "12", "13", "14"]
    assert set(metrics["epoch"]) == {"2"}
    assert set(metrics["cross_validation_split_index"]) == {"1"}
    assert set(metrics["data_split"]) == {"Val"}
    labels = read_table(balls / "val.csv")["label"] == "true"
    assert list(metrics["label"]) == [float(each) for each in labels]
    assert metrics["model_output"].between(0, 1).all()
    assert metrics["model_output"].nunique() > 1


def test_an_ensemble_gives_the_mean_of_its_members_posteriors(balls, tmp_path) -> None:
    paths = [checkpoint(tmp_path / f"{seed}.ckpt", seed=seed) for seed in (1, 2, 3)]
    single = [applied(balls, [path], tmp_path / "out")[0]["model_output"] for path in paths]
    joint = applied(balls, paths, tmp_path / "out")[0]["model_output"]
    np.testing.assert_allclose(joint, np.mean(single, axis=0), atol=2e-6)
    equal = applied(balls, [paths[0]] * 3, tmp_path / "out")[0]["model_output"]
    np.testing.assert_allclose(equal, single[0], atol=1e-6)


def test_a_member_scales_numbers_by_its_own_training(balls: Path, tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "a.ckpt")
    before = applied(balls, [path], tmp_path / "out")[0]["model_output"]
    content = torch.load(path, weights_only=True)
    content[INPUTS]["features"]["numerical"]["std"] = [2.0]
    torch.save(content, path)
    assert (applied(balls, [path], tmp_path / "out")[0]["model_output"] != before).any()


def test_a_subject_has_the_same_output_whoever_else_is_in_the_split(balls, tmp_path) -> None:
    path = checkpoint(tmp_path / "a.ckpt")
    both = [applied(balls, [path], tmp_path / name, table=name)[0] for name in ("train", "dataset")]
    alone, all_of_them = (table.set_index("subject")["model_output"] for table in both)
    assert all_of_them[alone.index].equals(alone)


def test_random_changes_are_no_part_of_an_inference(balls: Path, tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "a.ckpt")
    still = {"random_rotation_degrees": "0,0,0", "random_noise_std": 0}
    for split in Split:
        found = [
            applied(balls, [path], tmp_path / "out", split=split, **fields)[0]
            for fields in ({}, still)
        ]
        assert found[0].equals(found[1])


@pytest.mark.parametrize(
    "loss", ["BinaryCrossEntropyWithLogits", "ExclusiveCrossEntropyWithLogits"]
)
def test_several_targets(balls: Path, tmp_path: Path, loss: str) -> None:
    fields = {"class_names": TARGETS, "label_value_column": "findings", "loss_type": loss}
    path = checkpoint(tmp_path / "a.ckpt", targets=3)
    metrics, outputs = applied(balls, [path], tmp_path / "out", **fields)
    assert list(metrics["prediction_target"]) == [name for name in TARGETS for _ in range(4)]
    assert list(outputs["prediction_target"]) == TARGETS * 4
    sums = outputs.groupby("subject")["model_output"].sum()
    assert np.allclose(sums, 1, atol=1e-5) is (loss == "ExclusiveCrossEntropyWithLogits")


def test_an_empty_split_gives_tables_without_rows(balls: Path, tmp_path: Path) -> None:
    tables = applied(balls, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out", table="none")
    assert [len(table) for table in tables] == [0, 0]


def test_a_subject_without_a_label_has_an_output_and_no_score(balls, tmp_path) -> None:
    data = Path(shutil.copytree(balls, tmp_path / "data"))
    change_table(data / "val.csv", "label", "12", "")
    metrics, outputs = applied(data, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out")
    assert "12" not in set(metrics["subject"])
    assert outputs.set_index("subject")["label"].isna()["12"]
    assert outputs["model_output"].notna().all()


def test_a_subject_without_a_feature_is_named_and_left_out(balls, tmp_path, caplog) -> None:
    data = Path(shutil.copytree(balls, tmp_path / "data"))
    change_table(data / "val.csv", "sex", "12", "unheard of")
    metrics, _ = applied(data, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out")
    assert list(metrics["subject"]) == ["11", "13", "14"]
    assert "subject 12: " in caplog.text


def test_an_image_that_cannot_be_read_is_named(balls: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(balls, tmp_path / "data"))
    (data / "images" / "012.nii.gz").write_bytes(b"nothing")
    with pytest.raises(ImageError, match=r"Subject 12: .*012\.nii\.gz"):
        applied(data, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"numerical_columns": "None"}, "it has numerical_columns age; the model has none"),
        ({"categorical_columns": "None"}, "it has categorical_columns sex; the model has none"),
        ({"initial_feature_channels": 3}, "weights have another size"),
        ({"class_names": "a,b"}, "weights have another size"),
        ({"num_encoder_blocks": 2}, "weights of the model are not in the file"),
    ],
)
def test_a_checkpoint_of_another_model_is_refused(balls, tmp_path, fields, words) -> None:
    with pytest.raises(CheckpointError, match=words):
        applied(balls, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out", **fields)


def test_a_checkpoint_of_a_segmentation_is_refused(balls: Path, tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "a.ckpt")
    content = torch.load(path, weights_only=True)
    del content[INPUTS]
    torch.save(content, path)
    with pytest.raises(CheckpointError, match="is not of a classification or regression"):
        applied(balls, [path], tmp_path / "out")


class OwnNetwork(HelloClassification):
    """A model with a network, and posteriors, of its own."""

    def create_model(self):
        class Own(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = torch.nn.Parameter(torch.tensor(3.0))

            def forward(self, images, features=None, segmentations=None):
                assert segmentations is None
                return features[:, :1] * self.scale + 0 * images.mean()

        return Own()

    def get_post_loss_logits_normalization_function(self):
        return lambda logits: logits + 100


def test_a_model_may_bring_its_own_network_and_posteriors(balls: Path, tmp_path: Path) -> None:
    weights = {"model.scale": torch.tensor(2.0)}
    torch.save({"state_dict": weights, INPUTS: INPUTS_OF_BALLS}, tmp_path / "own.ckpt")
    metrics, _ = applied(balls, [tmp_path / "own.ckpt"], tmp_path / "out", kind=OwnNetwork)
    ages = read_table(balls / "val.csv")["age"].astype(float)
    np.testing.assert_allclose(metrics["model_output"], 100 + 2 * (ages - 50) / 20, atol=1e-5)


class NoNetwork(HelloClassification):
    """A model whose hook gives something else."""

    def create_model(self):
        return "a network"


def test_a_hook_that_gives_no_network_is_told(balls: Path, tmp_path: Path) -> None:
    with pytest.raises(InnerEyeError, match="create_model returned a str"):
        applied(balls, [checkpoint(tmp_path / "a.ckpt")], tmp_path / "out", kind=NoNetwork)
