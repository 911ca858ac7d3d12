"""Classification and regression as whole workflow runs: two folds, an ensemble, and what a change runs."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from innereye.data.scalar.balls import make_balls
from innereye.io.files import read_table, write_table
from innereye.metrics.scalar.result_files import read_results
from projects import Project

pytestmark = pytest.mark.slow

BALLS = """
from innereye.configs.classification.HelloClassification import HelloClassification


class Balls(HelloClassification):
    def __init__(self) -> None:
        super().__init__(
            local_dataset="data",
            initial_feature_channels=2,
            num_encoder_blocks=1,
            num_epochs=2,
            split_proportions=(0.5, 0.25, 0.25),
            num_dataload_workers=0,
            max_num_gpus=0,
            num_cpu_threads=1,
        )

    def get_image_transform(self):
        from innereye.transforms.scalar.execution_modes import ModelTransformsPerExecutionMode

        return ModelTransformsPerExecutionMode(train=lambda image: image.flip(-1))
"""
SUBJECTS = 16


@dataclass(frozen=True)
class ScalarProject(Project):
    """A working folder with a classification of the user's own."""

    def set_up(self) -> None:
        """Write the user's data, model and config."""
        make_balls(self.path("data"), subjects=SUBJECTS, seed=3)
        code = self.path("MyCode", "ML", "configs")
        code.mkdir(parents=True)
        (code / "Balls.py").write_text(BALLS)
        config = "model: Balls\nextra_code_directory: MyCode\nmodel_configs_namespace: MyCode.ML.configs\n"
        self.path(self.config_file).write_text(config + self.config_values)


Copy = Callable[[ScalarProject], ScalarProject]


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> ScalarProject:
    """A project with two folds and their ensemble. Only to be read."""
    values = "number_of_cross_validation_splits: 2\ntest_epochs: [2]\n"
    project = ScalarProject(tmp_path_factory.mktemp("folds"), config_values=values)
    project.set_up()
    project.succeed("--cores", "2")
    return project


@pytest.fixture
def single(tmp_path: Path) -> ScalarProject:
    """A project with data and no run."""
    project = ScalarProject(tmp_path)
    project.set_up()
    return project


def crossval(project: Project, *parts: str) -> Path:
    return project.path("outputs", "CrossValResults", *parts)


def pooled(project: Project, split: str, name: str = "metrics.csv") -> pd.DataFrame:
    """Return the rows of a split in all folds, of the epoch that is reported."""
    epoch = json.loads(crossval(project, "reported_epoch.json").read_text())["epoch"]
    files = [crossval(project, run, f"epoch_{epoch:03d}", split, name) for run in ("0", "1")]
    return pd.concat([read_results(file) for file in files])


def test_every_subject_outside_of_test_is_validated_once(folds: ScalarProject) -> None:
    assert sorted(pooled(folds, "Val")["subject"], key=int) == sorted(
        {*read_table(folds.path("outputs", "train_dataset.csv"))["subject"]}
        | {*read_table(folds.path("outputs", "val_dataset.csv"))["subject"]},
        key=int,
    )


def test_pooled_metrics_are_those_of_scikit_learn(folds: ScalarProject) -> None:
    found = pd.read_csv(crossval(folds, "metrics_aggregates.csv")).set_index("data_split")
    for split in ("Val", "Test"):
        rows = pooled(folds, split)
        area = roc_auc_score(rows["label"], rows["model_output"])
        assert found.loc[split, "area_under_roc_curve"] == pytest.approx(area, abs=1e-5)
        assert found.loc[split, "subject_count"] == len(rows)
        assert average_precision_score(rows["label"], rows["model_output"]) > 0


def test_the_ensemble_gives_the_mean_of_the_folds(folds: ScalarProject) -> None:
    rows = pooled(folds, "Test", "model_outputs.csv")
    epoch = json.loads(crossval(folds, "reported_epoch.json").read_text())["epoch"]
    place = (f"epoch_{epoch:03d}", "Test", "model_outputs.csv")
    ensemble = read_results(crossval(folds, "ENSEMBLE", *place)).set_index("subject")
    means = rows.groupby("subject")["model_output"].mean()
    np.testing.assert_allclose(ensemble["model_output"][means.index], means, atol=2e-6)
    assert set(ensemble["cross_validation_split_index"]) == {"-1"}
    assert (
        folds.path("outputs", *place).read_bytes()
        == crossval(folds, "ENSEMBLE", *place).read_bytes()
    )


def test_the_table_of_all_runs_has_val_and_test_of_each_fold(folds: ScalarProject) -> None:
    table = read_results(crossval(folds, "MetricsAcrossAllRuns.csv"))
    assert set(zip(table["data_split"], table["cross_validation_split_index"], strict=True)) == {
        (split, fold) for split in ("Val", "Test") for fold in "01"
    }


def test_a_second_call_has_nothing_to_do_and_a_plot_field_trains_nothing(folds) -> None:
    assert folds.jobs() == set()
    assert folds.jobs(plot_dpi=80) <= {"plot_training", "write_run_information"}
    assert "train_model" in folds.jobs(l_rate=1)


@pytest.mark.slow
def test_a_new_test_subject_trains_nothing(folds: ScalarProject, copy_of: Copy) -> None:
    project = copy_of(folds)
    table = project.path("data", "dataset.csv")
    frame = read_table(table)
    rest = frame[
        frame["subject"] != read_table(project.path("outputs", "test_dataset.csv"))["subject"][0]
    ]
    frame = pd.concat([rest, frame]).drop_duplicates()
    test = read_table(project.path("outputs", "test_dataset.csv"))["subject"][0]
    frame.loc[frame["subject"] == test, "label"] = "true"
    frame.loc[frame["subject"] == test, "age"] = "33"
    write_table(table, frame.sort_index())
    assert "train_model" not in project.jobs()
    assert "classify" in project.jobs()


@pytest.mark.slow
def test_a_packed_ensemble_is_evaluated_without_training(folds, copy_of: Copy) -> None:
    project = copy_of(folds)
    project.path(project.config_file).write_text(
        project.path(project.config_file).read_text().split("number_of")[0]
    )
    model = {"train": False, "local_weights_path": "outputs/final_ensemble_model"}
    epoch = json.loads(crossval(project, "reported_epoch.json").read_text())["epoch"]
    project.succeed("--cores", "2", **model, outputs_dir="again", test_epochs=epoch)
    place = (f"epoch_{epoch:03d}", "Test", "model_outputs.csv")
    assert (
        project.path("again", *place).read_bytes()
        == crossval(project, "ENSEMBLE", *place).read_bytes()
    )


def test_faults_of_the_data_set_come_at_once_and_before_any_training(single) -> None:
    table = single.path("data", "dataset.csv")
    frame = read_table(table)
    frame.loc[0, "label"] = "perhaps"
    frame.loc[1, "filePath"] = "images/nowhere.nii.gz"
    write_table(table, pd.concat([frame, frame[2:3]]))
    single.path("data", "images", "005.nii.gz").write_bytes(b"nothing")
    printed = single.fail("--cores", "2")
    for words in (
        "has 4 faults",
        "subject 1: label 'perhaps' is none of",
        "subject 2, images/nowhere.nii.gz: does not exist",
        "subject 3: there are 2 rows",
        "subject 5, images/005.nii.gz",
    ):
        assert words in printed
    assert not single.path("outputs", "checkpoints").exists()


@pytest.mark.slow
def test_test_may_be_empty_and_labels_may_be_missing(single: ScalarProject) -> None:
    table = single.path("data", "dataset.csv")
    frame = read_table(table)
    frame.loc[0, "label"] = ""
    write_table(table, frame)
    single.succeed("--cores", "2", split_proportions="0.7,0.3,0", num_epochs=1, test_epochs=1)
    assert "label" in single.path("outputs", "dropped_items.csv").read_text()
    results = single.path("outputs", "epoch_001", "Test")
    for name in ("metrics.csv", "model_outputs.csv", "metrics_aggregates.csv"):
        assert len((results / name).read_text().splitlines()) == 1
    shutil.rmtree(results)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("segment_image", "the target segment_image is for segmentation models"),
        ("compare_runs", "the target compare_runs is for segmentation models"),
        ("dataset_report", "for which there is no dataset report"),
    ],
)
def test_targets_of_segmentations_are_refused_in_words(single, target: str, words: str) -> None:
    assert words in single.fail("--dry-run", target)


def test_balls_are_made_for_models_that_read_their_columns(single: ScalarProject) -> None:
    single.succeed("--cores", "1", "make_phantoms", model="HelloRegression")
    made = read_table(single.path("datasets", "HelloClassification", "dataset.csv"))
    assert len(made) == 96
    printed = single.fail("--dry-run", "make_phantoms", model="DummyClassification")
    assert "reads the columns subjectID, channel, path, value" in printed
