"""Mistakes of a user: one clear message, no traceback, nothing half-written."""

import shutil
from pathlib import Path

import pytest

from projects import Project

SHEET = "dataset.csv"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"num_epocs": 3}, ["Tiny has no field 'num_epocs'", "Did you mean 'num_epochs'?"]),
        ({"crop_size": "16,16"}, ["Tiny.crop_size needs three whole numbers"]),
        ({"inference_on_val_set": "maybe"}, ["Tiny.inference_on_val_set needs yes or no"]),
        ({"model": "Tinny"}, ["no model 'Tinny'", "Did you mean 'Tiny'?"]),
        ({"test_epochs": 7}, ["test_epochs must lie between 1 and num_epochs=4"]),
        ({"num_epochs": 0, "l_rate": "x", "colour": 1}, ["num_epochs", "l_rate", "'colour'"]),
        ({"number_of_cross_validation_splits": 1}, ["must be 0 (none) or at least 2"]),
    ],
)
def test_a_wrong_config_is_refused_before_any_job(
    project: Project, config: dict[str, object], words: list[str]
) -> None:
    printed = project.fail("--cores", "1", **config)
    assert all(word in printed for word in words), printed
    assert not project.path("outputs").exists()


def test_a_wrong_value_in_a_file(project: Project) -> None:
    with project.path("mine.yaml").open("a") as stream:
        stream.write("num_epochs: many\nplot_dpy: 3\n")
    printed = project.fail("--dry-run")
    assert "Tiny.num_epochs needs a whole number of at least 1; got 'many'" in printed
    assert "Did you mean 'plot_dpi'?" in printed


def test_a_wrong_value_in_the_users_class(project: Project) -> None:
    path = project.path("MyCode", "ML", "configs", "Tiny.py")
    path.write_text(path.read_text().replace("num_epochs=4", "num_epochs=-4"))
    assert "Tiny.num_epochs needs a whole number" in project.fail("--dry-run", l_rate="x")


def test_the_class_must_be_named_like_its_file(project: Project) -> None:
    path = project.path("MyCode", "ML", "configs", "Tiny.py")
    path.write_text(path.read_text().replace("class Tiny", "class Tinny"))
    assert "must define the class Tiny" in project.fail("--dry-run")


def test_all_faults_of_a_data_set_come_at_once(project: Project) -> None:
    project.path("data", "001", "region.nii.gz").unlink()
    shutil.copy(
        project.path("data", "002", "mask.nii.gz"), project.path("data", "003", "mask.nii.gz")
    )
    project.path("data", "004", "channel1.nii.gz").write_bytes(b"no image")
    printed = project.fail("--cores", "1")
    for words in (
        "subject 1, channel 'region'",
        "subject 3, channel",
        "subject 4, channel 'channel1'",
    ):
        assert words in printed
    assert not project.path("outputs", SHEET).exists()


def test_a_missing_data_set_is_named(project: Project) -> None:
    printed = project.fail("--cores", "1", local_dataset="elsewhere")
    assert "elsewhere has no dataset.csv, the data set of Tiny." in printed


def test_a_model_of_the_cloud_says_which_data_it_lacks(project: Project) -> None:
    printed = project.fail("--cores", "1", local_dataset="None", azure_dataset_id="prostates")
    assert "Tiny names the data set 'prostates' in the cloud storage" in printed
    assert "local_dataset=<folder>" in printed


def test_an_epoch_that_is_not_evaluated(project: Project) -> None:
    printed = project.fail("--dry-run", "outputs/epoch_007/Test/metrics.csv")
    assert "Epoch 7 is not evaluated: test_epochs=2,3. Add it with test_epochs=2,3,7." in printed


def test_a_folder_with_another_run_is_refused(finished: Project) -> None:
    other = {"model": "HelloWorld", "local_dataset": "data"}
    printed = finished.fail("--dry-run", **other)
    assert "outputs holds a run of Tiny on data; this one is HelloWorld on data" in printed
    assert "outputs_dir=" in printed
    assert "overwrite=True" in printed
    assert "train_model" in finished.jobs(**other, overwrite="True")
    assert "train_model" in finished.jobs(**other, outputs_dir="others")


def test_another_number_of_folds_is_another_run(finished: Project) -> None:
    printed = finished.fail("--dry-run", number_of_cross_validation_splits=2)
    assert "this one is Tiny on data with 2 folds" in printed


def test_import_msd_says_what_is_missing(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    printed = project.fail(
        "import_msd", "--cores", "1", msd_folder="empty", local_dataset="imported"
    )
    assert "dataset.json" in printed
    assert not (tmp_path / "imported" / SHEET).exists()


def test_import_msd_needs_a_source(project: Project) -> None:
    assert "import_msd needs two folders" in project.fail("import_msd", "-n")


@pytest.mark.slow
def test_import_msd_takes_no_data_sets_place(project: Project) -> None:
    project.path("msd").mkdir()
    before = project.path("data", SHEET).read_bytes()
    assert "needs two folders" in project.fail("import_msd", "--cores", "1", msd_folder="msd")
    printed = project.fail("import_msd", "--cores", "1", msd_folder="msd", local_dataset="data")
    assert "data holds another data set already" in printed
    assert project.path("data", SHEET).read_bytes() == before


@pytest.mark.slow
def test_a_run_that_has_only_begun_is_a_run(project: Project) -> None:
    project.succeed("--cores", "1", "outputs/train_dataset.csv")
    assert "holds a run of Tiny" in project.fail("-n", model="HelloWorld", local_dataset="data")
    assert project.jobs("make_phantoms", model="HelloWorld") == {"make_phantoms"}


def test_a_table_without_a_column(project: Project) -> None:
    sheet = project.path("data", SHEET)
    sheet.write_text(sheet.read_text().replace("filePath", "path"))
    assert "has no column filePath; its columns are subject, path" in project.fail("-n")


def test_more_folds_than_subjects(project: Project) -> None:
    printed = project.fail("-n", number_of_cross_validation_splits=9)
    assert "folds" in printed
