"""Is a model that exists evaluated as in the run that trained it?"""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from innereye.io.image import read_image
from projects import Project
from web_server import web_server

SCORES = ("metrics.csv", "surface_metrics.csv", "metrics_aggregates.csv", "outliers.csv")
# Logs, the other epoch, and pictures that depend on which epoch is reported.
OTHERS = ("logs", "epoch_002", "report_pictures")
ONE_EPOCH = {"test_epochs": 3, "train": False, "outputs_dir": "outputs_2"}


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory, finished: Project) -> Project:
    """A project in which the checkpoint of a finished run has been evaluated. Only to be read."""
    project = copied_data(finished, tmp_path_factory.mktemp("evaluated"))
    project.succeed("--cores", "2", **ONE_EPOCH, local_weights_path=checkpoint_of(finished))
    return project


def copied_data(finished: Project, folder: Path) -> Project:
    project = Project(folder)
    project.set_up()
    project.path("data").symlink_to(finished.path("data"))
    return project


def checkpoint_of(finished: Project) -> Path:
    return finished.path("outputs", "checkpoints", "epoch_003.ckpt")


def results(project: Project, run: str, split: str, names=SCORES) -> list[bytes]:
    return [project.path(run, "epoch_003", split, name).read_bytes() for name in names]


@pytest.mark.slow
@pytest.mark.parametrize("split", ["Val", "Test"])
def test_scores_are_those_of_the_run_that_trained_it(split, evaluated, finished):
    assert results(evaluated, "outputs_2", split) == results(finished, "outputs", split)


@pytest.mark.slow
def test_all_files_of_a_run_are_there_but_those_of_a_training(evaluated, finished):
    def files(folder):
        paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        return {path.as_posix() for path in paths if path.parts[0] not in OTHERS}

    missing = files(finished.path("outputs")) - files(evaluated.path("outputs_2"))
    of_training = {"checkpoints", "final_model", "patch_sampling", "Train", "Val"}
    assert {path.split("/")[0] for path in missing} == of_training | {"learning_curves.png"}


@pytest.mark.slow
def test_the_report_names_the_checkpoints_and_shows_no_learning_curve(evaluated):
    page = evaluated.path("outputs_2", "report.html").read_text()
    assert "epoch_003.ckpt, not trained" in re.sub(r"\s+", " ", page)
    assert "This run has no training of its own" in page


@pytest.mark.slow
def test_a_second_call_has_nothing_to_do(evaluated, finished):
    config = {**ONE_EPOCH, "local_weights_path": checkpoint_of(finished)}
    assert "Nothing to be done" in evaluated.succeed("--dry-run", **config)


@pytest.mark.slow
def test_a_download_that_breaks_off_gives_the_same_scores(tmp_path, finished):
    project = copied_data(finished, tmp_path)
    content = checkpoint_of(finished).read_bytes()
    with web_server() as server:
        server.files["/model.ckpt"], server.versions["/model.ckpt"] = content, '"1"'
        server.drops.append(len(content) // 2)
        url = f"{server.address}/model.ckpt?sig=secret#sha256={hashlib.sha256(content).hexdigest()}"
        # In a file, as Snakemake's own log repeats what is typed.
        with project.path(project.config_file).open("a") as config:
            config.write(f"weights_url: {url}\n")
        target = "outputs_2/epoch_003/Test/metrics.csv"
        printed = project.succeed(target, "outputs_2/args.txt", **ONE_EPOCH)
        assert [wanted for _, wanted in server.requests] == ["", f"bytes={len(content) // 2}-"]
    names = SCORES[:1]
    assert results(project, "outputs_2", "Test", names) == results(
        finished, "outputs", "Test", names
    )
    places = (project.path("outputs_2"), project.path(".snakemake"))
    kept = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert "secret" not in printed
    assert not [path for path in kept if b"sig=secret" in path.read_bytes()]


@pytest.mark.slow
def test_two_checkpoints_give_what_the_ensemble_gave(tmp_path, crossval):
    project = copied_data(crossval, tmp_path)
    weights = [
        crossval.path("outputs/CrossValResults", str(fold), "checkpoints") for fold in (0, 1)
    ]
    places = ",".join(str(folder / "epoch_002.ckpt") for folder in weights)
    config = {**ONE_EPOCH, "num_epochs": 2, "test_epochs": 2, "local_weights_path": places}
    project.succeed("outputs_2/epoch_002/Test/metrics.csv", **config)
    ours, theirs = (
        place.joinpath("epoch_002", "Test")
        for place in (project.path("outputs_2"), crossval.path("outputs/CrossValResults/ENSEMBLE"))
    )
    assert (ours / "metrics.csv").read_bytes() == (theirs / "metrics.csv").read_bytes()
    for path in theirs.glob("*/segmentation.nii.gz"):
        found = read_image(ours / path.relative_to(theirs), np.uint8)
        np.testing.assert_array_equal(found.array, read_image(path, np.uint8).array)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"train": False}, "leaves nothing to evaluate: give local_weights_path, weights_url or"),
        (
            {"train": False, "local_weights_path": "a.ckpt", "model_id": "A:1"},
            "local_weights_path and model_id are both given",
        ),
        (
            {"train": False, "model_id": "A:1", "number_of_cross_validation_splits": 2},
            "train=False evaluates one model or ensemble; number_of_cross_validation_splits=2",
        ),
        ({"train": False, "model_id": "A:1"}, "test_epochs is 2,3; with train=False there is one"),
        ({"local_weights_path": "a.ckpt"}, "is named, a.ckpt, but train is True"),
        ({**ONE_EPOCH, "local_weights_path": "a.ckpt,b.ckpt"}, "a.ckpt does not exist"),
        ({**ONE_EPOCH, "model_id": "Prostate"}, "model_id needs NAME:VERSION"),
        ({**ONE_EPOCH, "weights_url": "ftp://a/b"}, "weights_url needs web addresses"),
        ({**ONE_EPOCH, "weights_url": "http://a/b#sha256=1"}, "64 hexadecimal digits"),
        (
            {**ONE_EPOCH, "model_id": "A:1", "recover_from": "outputs"},
            "outputs is named to be trained further, but train is False",
        ),
    ],
)
def test_a_model_that_is_not_named_rightly_is_explained(config, sentence, project):
    assert sentence in project.fail("--dry-run", **config)


def test_the_folder_of_the_run_that_trained_it_is_kept(finished, copy_of):
    copy = copy_of(finished)
    weights = "outputs/checkpoints/epoch_003.ckpt"
    config = {"test_epochs": 3, "train": False, "local_weights_path": weights}
    printed = copy.fail("--dry-run", **config)
    assert f"this one is Tiny on data, evaluating {weights}. Use outputs_dir" in printed


@pytest.mark.slow
def test_nothing_is_trained(evaluated, finished):
    config = {**ONE_EPOCH, "local_weights_path": checkpoint_of(finished)}
    for target in ("outputs_2/checkpoints/last.ckpt", "outputs_2/CrossValResults"):
        assert "train=False" in evaluated.fail("--dry-run", target, **config)


@pytest.mark.slow
def test_a_checkpoint_of_another_model_leaves_nothing_that_looks_finished(tmp_path, finished):
    project = copied_data(finished, tmp_path)
    config = {**ONE_EPOCH, "local_weights_path": checkpoint_of(finished), "feature_channels": 4}
    printed = project.fail("outputs_2/checkpoints/trained_models", **config)
    assert "does not fit the model:" in printed
    assert "weights have another size" in printed
    assert not project.path("outputs_2", "checkpoints", "trained_models").exists()
