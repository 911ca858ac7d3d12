"""A data set of mixed spacings: refused where one is expected, resampled to one and back to its own."""

from pathlib import Path

import pandas as pd
import pytest

from innereye.data.phantoms import make_phantoms
from innereye.data.resampling import resample_image, resample_structure, resampled_geometry
from innereye.io.image import read_geometry, read_image, write_image
from projects import Project

pytestmark = pytest.mark.slow
EPOCHS = 8
OTHER_SPACING = (1.5, 2.0, 2.0)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project in which every second subject has thin slices with large pixels."""
    project = Project(tmp_path)
    project.set_up()
    make_phantoms(project.path("data"), subjects=15, seed=3)
    for path in project.path("data").glob("0?[02468]/*.nii.gz"):
        image = read_image(path, None)
        grid = resampled_geometry(image.geometry, OTHER_SPACING)
        is_mask = path.name.startswith(("mask", "region"))
        resample = resample_structure if is_mask else resample_image
        array = resample(image.array, image.geometry, grid).astype(image.array.dtype)
        write_image(path, array, grid)
    return project


def test_mixed_spacings_train_segment_and_score_where_each_image_lies(project: Project) -> None:
    splits = [f"outputs/epoch_{EPOCHS:03d}/{split}" for split in ("Val", "Test")]
    config = {"model": "HelloWorld", "local_dataset": "data", "num_epochs": EPOCHS}
    config |= {"max_num_gpus": 0, "resample_spacing_zyx_mm": "3,1,1", "feature_channels": 8}
    project.succeed("--cores", "2", *(f"{split}/metrics.csv" for split in splits), **config)
    scores = pd.concat(pd.read_csv(project.path(split, "metrics.csv")) for split in splits)
    assert scores["Dice"].mean() >= 0.5
    segmentations = [
        path for split in splits for path in project.path(split).glob("*/segmentation.nii.gz")
    ]
    spacings = set()
    for path in segmentations:
        own = read_geometry(project.path("data", path.parent.name, "channel1.nii.gz"))
        assert read_geometry(path) == own
        spacings.add(own.spacing_zyx_mm == pytest.approx(OTHER_SPACING))
    assert spacings == {True, False}


def test_every_subject_with_another_spacing_is_named_at_once(project: Project) -> None:
    config = {"model": "HelloWorld", "local_dataset": "data", "max_num_gpus": 0}
    printed = project.fail(
        "--cores", "2", "outputs/dataset.csv", **config, dataset_expected_spacing_xyz="2,2,1.5"
    )
    assert printed.count("dataset_expected_spacing_xyz is 2 x 2 x 1.5 mm") >= 8
    assert "subject 2, channel" not in printed


def test_limits_and_institutions_reach_the_tables_through_snakemake(project: Project) -> None:
    tables = [f"outputs/{name}_dataset.csv" for name in ("train", "val", "test")]
    config = {"model": "HelloWorld", "local_dataset": "data", "restrict_subjects": "3,,1"}
    project.succeed("--cores", "2", *tables, **config)
    counts = [pd.read_csv(project.path(table))["subject"].nunique() for table in tables]
    assert (counts[0], counts[2]) == (3, 1)
    config |= {"split_by_institution": "yes", "restrict_subjects": 2}
    project.succeed("--cores", "2", *tables, **config)
    assert [pd.read_csv(project.path(t))["subject"].nunique() for t in tables] == [2, 2, 2]
