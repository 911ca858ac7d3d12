"""The two targets that show a data set: its report, and what the normalisation makes of it."""

import pytest

from innereye.io.files import read_table
from projects import Project


def test_they_are_targets_of_their_own(project: Project) -> None:
    assert project.jobs("dataset_report") == {"dataset_report"}
    target = "normalize_and_visualize_dataset"
    assert project.jobs(target) == {target}
    assert not {"dataset_report", target} & project.jobs()


@pytest.mark.slow
def test_the_report_follows_the_data_set_and_the_split(project: Project) -> None:
    project.succeed("dataset_report", "--cores", "2")
    table = read_table(project.path("outputs", "label_statistics.csv"))
    splits = dict(zip(table["subject"], table["split"], strict=True))
    assert splits == {
        **dict.fromkeys("1234", "Train"),
        **dict.fromkeys("56", "Val"),
        "7": "Test",
        "8": "Test",
    }
    assert "Data set report" in project.path("outputs", "dataset_report.html").read_text()
    assert project.jobs("dataset_report") == set()
    assert project.jobs("dataset_report", num_epochs=3) == set()
    assert project.jobs("dataset_report", outlier_range=2) == {"dataset_report"}
    assert project.jobs("dataset_report", window=300) == set()


@pytest.mark.slow
def test_a_broken_file_is_reported_where_a_run_refuses_it(project: Project) -> None:
    broken = project.path("data", "003", "region.nii.gz")
    broken.write_bytes(b"nothing")
    project.succeed("dataset_report", "--cores", "2")
    assert "Faults of files" in project.path("outputs", "dataset_report.html").read_text()
    assert "region.nii.gz" in project.fail("outputs/dataset.csv", "--cores", "2")


@pytest.mark.slow
def test_pictures_follow_the_normalisation(project: Project) -> None:
    target = "normalize_and_visualize_dataset"
    project.succeed(target, "--cores", "2", window=300)
    folder = project.path("outputs", "normalized_images")
    table = read_table(folder / "pictures.csv")
    assert len(table) == 8
    assert set(table["low"]) == {"-100"}
    assert all((folder / file).is_file() for file in [*table["file"], "index.html"])
    assert project.jobs(target, window=300) == set()
    assert project.jobs(target, window=400) == {target}
    assert project.jobs(target, window=300, outlier_range=2) == set()
