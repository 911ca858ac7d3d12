"""What a finished run leaves behind."""

import json
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.image import imread

from card_checks import contradictions, faults_of
from innereye.io.image import read_geometry, read_image
from projects import Project

STRUCTURES = ["region", "region_1"]
EPOCHS = ["002", "003"]
SUBJECTS = {"Val": ["5", "6"], "Test": ["7", "8"]}
FOLDERS = [(epoch, split) for epoch in EPOCHS for split in SUBJECTS]
METRICS = "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm"


def text(project: Project, *parts: str) -> str:
    return project.path("outputs", *parts).read_text()


def table(project: Project, *parts: str) -> pd.DataFrame:
    return pd.read_csv(project.path("outputs", *parts), dtype={"Patient": str, "subject": str})


def all_scores(project: Project, *folder: str) -> pd.DataFrame:
    """Return the scores of a split, structures in the order of their labels."""
    both = [table(project, *folder, name) for name in ("metrics.csv", "surface_metrics.csv")]
    joined = both[0].merge(both[1], on=["Patient", "Structure"])
    return joined.sort_values("Structure", kind="stable")


def test_splits_of_the_data_set(finished: Project) -> None:
    whole = pd.read_csv(finished.path("data", "dataset.csv"), dtype=str)
    pd.testing.assert_frame_equal(
        pd.read_csv(finished.path("outputs", "dataset.csv"), dtype=str), whole
    )
    parts = {
        s: set(table(finished, f"{s}_dataset.csv")["subject"]) for s in ("train", "val", "test")
    }
    assert parts == {"train": set("1234"), "val": set("56"), "test": set("78")}


def test_args_and_build_information(finished: Project) -> None:
    lines = text(finished, "args.txt").splitlines()
    assert lines[:2] == ["", "Arguments:"]
    assert f"\t{'num_epochs':<40}: 4" in lines
    build = json.loads(text(finished, "buildinformation.json"))
    assert build["run"]["model"] == "Tiny"
    assert build["options"]["l_rate"] == 0.02
    assert set(build) >= {"versions", "git", "dataset_hash", "created_utc"}


def test_one_checkpoint_for_each_test_epoch_and_the_last(finished: Project) -> None:
    names = sorted(path.name for path in finished.path("outputs", "checkpoints").iterdir())
    assert names == ["epoch_002.ckpt", "epoch_003.ckpt", "last.ckpt"]
    for name, epoch in zip(names, (2, 3, 4), strict=True):
        content = torch.load(finished.path("outputs", "checkpoints", name), weights_only=True)
        assert content["epoch"] == epoch
        assert all(key.startswith("model.") for key in content["state_dict"])


def test_the_model_folder_holds_the_reported_epoch_and_its_code(finished: Project) -> None:
    folder = finished.path("outputs", "final_model")
    content = json.loads(text(finished, "final_model", "model_inference_config.json"))
    assert content["checkpoint_paths"] == ["checkpoints/last.ckpt"]
    assert content["model_configs_namespace"] == "MyCode.ML.configs"
    reported = finished.path("outputs", "checkpoints", "epoch_002.ckpt").read_bytes()
    assert (folder / "checkpoints" / "last.ckpt").read_bytes() == reported
    names = {path.name for path in folder.iterdir()}
    code = {"innereye", "MyCode", "environment.yml", "score.py", "inference_settings.json"}
    assert names == {*code, "checkpoints", "model_inference_config.json", "model_card.md"}


def test_the_card_of_the_model_says_what_the_tables_say(finished: Project) -> None:
    card = text(finished, "final_model", "model_card.md")
    scores = {split: all_scores(finished, "epoch_002", split) for split in SUBJECTS}
    assert faults_of(card, scores) == []
    assert contradictions(card) == []
    build = json.loads(text(finished, "buildinformation.json"))
    assert f"**Hash of table and files:** {build['dataset_hash']}" in card
    assert "| Train | 4 " in card


def test_nothing_of_the_training_is_left_over(finished: Project) -> None:
    assert not finished.path("outputs", "recovery").exists()


@pytest.mark.parametrize("split", ["Train", "Val"])
def test_epoch_metrics_have_a_row_for_each_epoch(finished: Project, split: str) -> None:
    metrics = table(finished, split, "epoch_metrics.csv")
    assert list(metrics["epoch"]) == [0, 1, 2, 3]
    assert {"loss", "Dice/region_1", "VoxelCount/region"} <= set(metrics.columns)
    assert ("learning_rate" in metrics) == (split == "Train")


@pytest.mark.parametrize(("epoch", "split"), FOLDERS)
def test_scores_of_every_subject_and_structure(finished: Project, epoch: str, split: str) -> None:
    folder = (f"epoch_{epoch}", split)
    assert text(finished, *folder, "metrics.csv").splitlines()[0] == METRICS
    rows = table(finished, *folder, "metrics.csv")
    expected = {(subject, s) for subject in SUBJECTS[split] for s in STRUCTURES}
    assert set(zip(rows["Patient"], rows["Structure"], strict=True)) == expected
    assert list(table(finished, *folder, "metrics_aggregates.csv")["Structure"]) == STRUCTURES
    assert len(table(finished, *folder, "surface_metrics.csv")) == 4


@pytest.mark.parametrize(("epoch", "split"), FOLDERS)
def test_volumes_of_every_subject(finished: Project, epoch: str, split: str) -> None:
    folder = finished.path("outputs", f"epoch_{epoch}", split)
    names = {"segmentation", "uncertainty", "background", *STRUCTURES}
    names |= {f"posterior_{name}" for name in ("background", *STRUCTURES)}
    for subject in SUBJECTS[split]:
        files = sorted((folder / f"{int(subject):03d}").iterdir())
        assert {path.name for path in files} == {f"{name}.nii.gz" for name in names}
        image = finished.path("data", f"{int(subject):03d}", "channel1.nii.gz")
        assert all(read_geometry(p).differences(read_geometry(image)) == [] for p in files)


def test_masks_and_segmentation_say_the_same(finished: Project) -> None:
    folder = finished.path("outputs", "epoch_002", "Test", "007")
    labels = read_image(folder / "segmentation.nii.gz", np.uint8).array
    for label, name in enumerate(["background", *STRUCTURES]):
        mask = read_image(folder / f"{name}.nii.gz", np.uint8).array
        np.testing.assert_array_equal(mask, labels == label)


def test_posteriors_sum_to_one(finished: Project) -> None:
    folder = finished.path("outputs", "epoch_002", "Test", "007")
    names = ["background", *STRUCTURES]
    total = sum(
        read_image(folder / f"posterior_{name}.nii.gz", np.uint8).array.astype(int)
        for name in names
    )
    # Each is cut down to a whole number of 255ths.
    assert total.max() <= 255
    assert total.min() >= 253


@pytest.mark.parametrize(("epoch", "split"), FOLDERS)
def test_files_that_name_data_and_structures(finished: Project, epoch: str, split: str) -> None:
    folder = (f"epoch_{epoch}", split)
    assert text(finished, *folder, "dataset_id.txt") == "\n"
    assert text(finished, *folder, "ground_truth_ids.txt") == "region\nregion_1\n"
    assert text(finished, *folder, "image_channel_ids.txt") == "channel1\n"
    for name in ("dataset", "train_dataset", "val_dataset", "test_dataset"):
        assert text(finished, *folder, f"{name}.csv") == text(finished, f"{name}.csv")


def is_drawn(path: Path) -> bool:
    """Is there something on a picture?"""
    return float(np.std(imread(path))) > 0.02


@pytest.mark.parametrize(("epoch", "split"), FOLDERS)
def test_pictures_are_not_blank(finished: Project, epoch: str, split: str) -> None:
    folder = finished.path("outputs", f"epoch_{epoch}", split)
    assert is_drawn(folder / "metrics_boxplot.png")
    assert is_drawn(finished.path("outputs", "learning_curves.png"))
    thumbnails = pd.read_csv(folder / "thumbnails" / "thumbnails.csv", dtype=str)
    assert len(thumbnails) == 4
    assert all(is_drawn(folder / "thumbnails" / name) for name in thumbnails["file"])


def test_the_report_uses_the_epoch_that_is_best_on_val(finished: Project) -> None:
    best = {e: table(finished, f"epoch_{e}", "Val", "metrics.csv")["Dice"].mean() for e in EPOCHS}
    assert best["002"] > best["003"]
    page = text(finished, "report.html")
    assert "2: the best mean Dice on Val of the test epochs 2, 3" in page


def test_the_notebook_is_executed_and_says_what_the_tables_say(finished: Project) -> None:
    notebook = nbformat.reads(text(finished, "report.ipynb"), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.get("outputs") for cell in code if "sections." in cell.source)
    scores = table(finished, "epoch_002", "Test", "metrics.csv")
    mean = scores[scores["Structure"] == "region"]["Dice"].mean()
    assert f"{mean:.3f}" in text(finished, "report.html")


def test_logs_and_tensorboard_events(finished: Project) -> None:
    logs = finished.path("outputs", "logs")
    assert "epoch 4/4" in (logs / "train_model.log").read_text()
    assert list((logs / "Lightning").rglob("events.out.tfevents.*"))


def test_a_report_page_of_snakemake(finished: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    finished.succeed("--report", str(page))
    assert "metrics_boxplot.png" in page.read_text()
