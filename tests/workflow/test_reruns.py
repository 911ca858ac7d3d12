"""What runs again after a change, and what does not."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innereye.io.image import read_image, write_image
from projects import Project

Copy = Callable[[Project], Project]

RECORD = {"write_run_information"}
# The scores on Val decide which epoch is packed.
MODEL = {"package_model", "write_model_card"}
AFTER_SCORES = {"aggregate", "find_outliers", "plot_metrics", "report", *MODEL}
AFTER_SEGMENTATION = {"score", "draw_thumbnails", *AFTER_SCORES}
OF_TEST = AFTER_SEGMENTATION - {"package_model"}
AFTER_TRAINING = {"train_model", "plot_training", "segment", *AFTER_SEGMENTATION}
PLOTS = {"plot_metrics", "plot_training", "draw_thumbnails"}
NEW_DATA = {"write_run_information", "check_dataset", "describe_results"}


def test_a_second_call_has_nothing_to_do(finished: Project) -> None:
    assert "Nothing to be done" in finished.succeed("--dry-run")


@pytest.mark.parametrize(
    ("config", "rules"),
    [
        ({"plot_dpi": 100}, PLOTS),
        ({"outlier_range": 2}, {"find_outliers", "plot_metrics", "report", "write_model_card"}),
        ({"max_worst_subjects": 5}, {"report"}),
        ({"surface_dice_tolerance_mm": 2}, AFTER_SEGMENTATION - {"draw_thumbnails"}),
        ({"inference_batch_size": 3}, {"segment", *AFTER_SEGMENTATION}),
        ({"l_rate": 0.03}, AFTER_TRAINING),
        ({"random_seed": 1}, AFTER_TRAINING),
        ({"plot_dpi": 100, "max_worst_subjects": 5}, {"report", *PLOTS}),
        ({"num_dataload_workers": 1}, set()),
        ({"inference_on_val_set": "True"}, set()),
    ],
)
def test_a_field_runs_what_depends_on_it(
    finished: Project, config: dict[str, object], rules: set[str]
) -> None:
    assert finished.jobs(**config) == rules | RECORD


def edit(pipeline: Path, file: str, old: str, new: str) -> None:
    path = pipeline / "scripts" / "innereye" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_touch_a_comment_and_a_docstring_run_nothing(
    finished: Project, own_pipeline: Path
) -> None:
    for path in (own_pipeline / "scripts").rglob("*.py"):
        os.utime(path)
    edit(own_pipeline, "losses/soft_dice.py", '"""', '"""Reworded. ')
    edit(own_pipeline, "inference/segment.py", "\nimport ", "\n# A comment.\nimport ")
    edit(own_pipeline, "metrics/score.py", "    return", "    # Why.\n\n    return")
    assert replace(finished, pipeline=own_pipeline).jobs() == set()


def test_a_changed_loss_trains_again(finished: Project, own_pipeline: Path) -> None:
    edit(own_pipeline, "losses/soft_dice.py", "1e-10", "1e-9")
    assert replace(finished, pipeline=own_pipeline).jobs() == AFTER_TRAINING | RECORD


def test_changed_code_of_a_plot_draws_again(finished: Project, own_pipeline: Path) -> None:
    edit(own_pipeline, "reports/boxplot.py", "LABEL_DEGREES = 75", "LABEL_DEGREES = 60")
    jobs = replace(finished, pipeline=own_pipeline).jobs()
    assert "plot_metrics" in jobs
    assert not jobs & {"train_model", "segment", "score"}


def subject_of(project: Project, split: str) -> str:
    """Return the first subject of a split."""
    return str(
        pd.read_csv(project.path("outputs", f"{split}_dataset.csv"), dtype=str)["subject"][0]
    )


def correct_mask(project: Project, subject: str) -> None:
    """Change one voxel of a mask under its old name."""
    path = next(project.path("data", f"{int(subject):03d}").glob("region.nii.gz"))
    image = read_image(path, np.uint8)
    voxels = image.array.copy()
    voxels[tuple(np.argwhere(voxels)[0])] = 0
    write_image(path, voxels, image.geometry)


@pytest.mark.parametrize(
    ("split", "rules"),
    [
        ("train", {"split_dataset", "show_patch_sampling", *AFTER_TRAINING}),
        ("val", {"split_dataset", *AFTER_TRAINING}),
        ("test", OF_TEST),
    ],
)
def test_a_corrected_mask_runs_what_saw_it(
    finished: Project, copy_of: Copy, split: str, rules: set[str]
) -> None:
    project = copy_of(finished)
    correct_mask(project, subject_of(project, split))
    assert project.jobs() == rules | NEW_DATA


def test_one_more_test_subject_trains_nothing(finished: Project, copy_of: Copy) -> None:
    project = copy_of(finished)
    sheet = project.path("data", "dataset.csv")
    rows = pd.read_csv(sheet, dtype=str)
    shutil.copytree(project.path("data", "001"), project.path("data", "099"))
    new = rows[rows["subject"] == "1"].assign(subject="99")
    new["filePath"] = new["filePath"].str.replace("001/", "099/")
    pd.concat([rows, new]).to_csv(sheet, index=False)
    assert project.jobs() == {"segment", *OF_TEST, *NEW_DATA, "split_dataset"}


@pytest.mark.slow
def test_a_renamed_mask_of_test_is_scored_anew(finished: Project, copy_of: Copy) -> None:
    project = copy_of(finished)
    target = "outputs/epoch_002/Test/metrics.csv"
    before = project.path(target).read_text()
    region = read_image(project.path("data", "007", "region.nii.gz"), np.uint8)
    half = region.array * (np.arange(region.array.shape[2]) % 2).astype(np.uint8)
    write_image(project.path("data", "007", "corrected.nii.gz"), half, region.geometry)
    sheet = project.path("data", "dataset.csv")
    sheet.write_text(sheet.read_text().replace("007/region.nii.gz", "007/corrected.nii.gz"))
    project.succeed("--cores", "2", target)
    assert project.path(target).read_text() != before
    assert "007/corrected.nii.gz" in project.path("outputs", "test_dataset.csv").read_text()
    assert "train_model" not in project.jobs()


def test_subjects_that_change_places_between_train_and_val_train_anew(
    finished: Project, copy_of: Copy
) -> None:
    project = copy_of(finished)
    model = project.path("MyCode", "ML", "configs", "Tiny.py")
    model.write_text(model.read_text().replace('"1234"', '"1256"').replace('"56"', '"34"'))
    assert "train_model" in project.jobs()


def test_another_institution_rewrites_the_tables(finished: Project, copy_of: Copy) -> None:
    project = copy_of(finished)
    sheet = project.path("data", "dataset.csv")
    rows = pd.read_csv(sheet, dtype=str)
    rows.loc[rows["subject"] == "8", "institutionId"] = "elsewhere"
    rows.to_csv(sheet, index=False)
    jobs = project.jobs()
    assert {"check_dataset", "split_dataset", "describe_results"} <= jobs
    assert "train_model" not in jobs


def test_a_touched_image_is_looked_at_and_nothing_else(finished: Project, copy_of: Copy) -> None:
    project = copy_of(finished)
    for path in project.path("data").rglob("*.nii.gz"):
        os.utime(path)
    assert project.jobs() == {"check_dataset", "describe_results"}
    printed = project.succeed("--cores", "2")
    assert "Looking into the files of 0 of" in printed
    assert project.jobs() == set()
