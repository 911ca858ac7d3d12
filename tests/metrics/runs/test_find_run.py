"""Places of runs: every kind that a user may name leads to the right files, or to a sentence."""

import json

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.runs.find_run import find_run

METRICS = "Patient,Structure,Dice\n1,a,0.5\n"


def make(root, *files):
    """Write files below root: metrics.csv with a row, summaries, and others with a header."""
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        content = METRICS if path.name == "metrics.csv" else "subject\n1\n"
        path.write_text(json.dumps({}) if path.suffix == ".json" else content)
    return root


def found(root, place=".", **options):
    """The metrics that lie at a place, by mode, as paths below root."""
    run = find_run(root / place, **options)
    return {mode: path.relative_to(root).as_posix() for mode, path in run.metrics.items()}


@pytest.fixture
def outputs(tmp_path):
    """An outputs folder of ours, with two test epochs and a third without any score."""
    return make(
        tmp_path / "lung" / "outputs",
        "dataset.csv",
        "Train/epoch_metrics.csv",
        "Val/epoch_metrics.csv",
        "epoch_002/Val/metrics.csv",
        "epoch_002/Test/metrics.csv",
        "epoch_010/Test/metrics.csv",
        "epoch_010/Test/dataset.csv",
        "epoch_011/Test/segmentations.csv",
    )


def test_an_outputs_folder_gives_its_last_epoch_with_scores(outputs):
    assert found(outputs) == {"Test": "epoch_010/Test/metrics.csv"}
    assert find_run(outputs).epoch == 10


def test_an_epoch_can_be_chosen(outputs):
    files = {mode: f"epoch_002/{mode}/metrics.csv" for mode in ("Val", "Test")}
    assert found(outputs, epoch=2) == files
    assert found(outputs, "epoch_002") == files
    assert found(outputs, "epoch_002", epoch=2) == files


@pytest.mark.parametrize("place", ["epoch_002/Val", "epoch_002/Val/metrics.csv"])
def test_a_mode_s_folder_and_a_metrics_csv_give_that_mode(place, outputs):
    assert found(outputs, place) == {"Val": "epoch_002/Val/metrics.csv"}


def test_modes_come_in_order(tmp_path):
    make(tmp_path, *(f"{mode}/metrics.csv" for mode in ("Test", "Val", "Train")))
    assert list(find_run(tmp_path).metrics) == ["Train", "Val", "Test"]


def test_a_folder_around_outputs_gives_the_run(outputs):
    assert find_run(outputs.parent).metrics == find_run(outputs).metrics


@pytest.mark.parametrize("where", ["best_validation_epoch/", ""])
def test_results_of_the_original_are_found(where, tmp_path):
    make(tmp_path, "Train/epoch_metrics.csv", f"{where}Test/metrics.csv", "Val/metrics.csv")
    assert found(tmp_path, epoch=3)["Test"] == f"{where}Test/metrics.csv"
    assert ("Val" in find_run(tmp_path).metrics) == (not where)


def test_nnunet_is_found_by_its_summary(tmp_path):
    make(tmp_path, "fold_0/validation/summary.json")
    for place in ("fold_0/validation", "fold_0/validation/summary.json"):
        assert found(tmp_path, place) == {"Test": "fold_0/validation/summary.json"}
        assert found(tmp_path, place, mode="Val") == {"Val": "fold_0/validation/summary.json"}
        assert find_run(tmp_path / place).name == "fold_0"
        assert find_run(tmp_path / place).dataset_csv is None


def test_a_metrics_csv_outside_a_mode_s_folder_has_the_mode_given(tmp_path):
    make(tmp_path, "any/metrics.csv")
    assert set(find_run(tmp_path / "any").metrics) == {"Test"}
    assert set(find_run(tmp_path / "any" / "metrics.csv", mode="Val").metrics) == {"Val"}


def test_names_are_given_or_those_of_the_folder(outputs):
    assert find_run(outputs).name == "lung"
    assert find_run(outputs, name="mine").name == "mine"


@pytest.mark.parametrize(
    ("place", "epoch", "dataset"),
    [
        (".", 10, "epoch_010/Test/dataset.csv"),  # nearest to the one mode
        ("..", 10, "epoch_010/Test/dataset.csv"),
        ("epoch_002", None, "dataset.csv"),
        ("epoch_002/Test", None, "dataset.csv"),  # above the place, but of the run
        ("epoch_002/Val/metrics.csv", None, "dataset.csv"),
    ],
)
def test_the_dataset_is_the_nearest_upwards(place, epoch, dataset, outputs):
    assert find_run(outputs / place, epoch=epoch).dataset_csv.samefile(outputs / dataset)


def test_one_dataset_for_all_modes_goes_before_that_of_a_mode(outputs):
    make(outputs, "epoch_002/Val/dataset.csv")
    assert find_run(outputs, epoch=2).dataset_csv == outputs / "dataset.csv"
    (outputs / "dataset.csv").unlink()
    assert find_run(outputs, epoch=2).dataset_csv == outputs / "epoch_002/Val/dataset.csv"


def test_the_place_bounds_the_search_for_a_dataset(tmp_path):
    make(tmp_path, "dataset.csv", "outputs/best_validation_epoch/Test/metrics.csv")
    assert find_run(tmp_path).dataset_csv == tmp_path / "dataset.csv"
    assert find_run(tmp_path / "outputs").dataset_csv is None


def test_a_dataset_around_the_run_is_not_its_own(tmp_path):
    make(tmp_path, "dataset.csv", "lung/Test/metrics.csv")
    assert find_run(tmp_path / "lung").dataset_csv is None


@pytest.mark.parametrize(
    "place", ["outputs/CrossValResults/ENSEMBLE", "outputs", "outputs/epoch_001"]
)
def test_an_ensemble_counts_on_test_only(place, tmp_path):
    for folder in ("outputs/CrossValResults/ENSEMBLE", "outputs"):
        make(tmp_path / folder, *(f"epoch_001/{mode}/metrics.csv" for mode in ("Val", "Test")))
    assert set(find_run(tmp_path / place).metrics) == {"Test"}


def test_a_single_model_beside_a_cross_validation_keeps_val(tmp_path):
    make(tmp_path, "CrossValResults/ENSEMBLE/dataset.csv", "checkpoints/last.ckpt")
    make(tmp_path, "epoch_001/Val/metrics.csv")
    assert set(find_run(tmp_path).metrics) == {"Val"}


def test_an_ensemble_on_val_alone_is_refused(tmp_path):
    make(tmp_path, "ENSEMBLE/Val/metrics.csv")
    with pytest.raises(InnerEyeError, match="ensemble on Val only, on which its members"):
        find_run(tmp_path / "ENSEMBLE")


def test_a_place_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(InnerEyeError, match="nowhere does not exist; a run is an outputs folder"):
        find_run(tmp_path / "nowhere")


def test_an_epoch_without_results_is_said(outputs):
    with pytest.raises(InnerEyeError, match="no results of epoch 11; there are results of: 2, 10"):
        find_run(outputs, epoch=11)


@pytest.mark.parametrize("place", ["epoch_002", "epoch_002/Val", "epoch_002/Val/metrics.csv"])
def test_a_place_in_another_epoch_is_said(place, outputs):
    with pytest.raises(InnerEyeError, match="holds results of epoch 2, not of epoch 10"):
        find_run(outputs / place, epoch=10)


def test_another_file_is_refused(outputs):
    make(outputs, "model.ckpt")
    with pytest.raises(InnerEyeError, match="is no run: allowed files are"):
        find_run(outputs / "model.ckpt")


def test_a_folder_without_results_says_what_is_there(outputs, tmp_path):
    with pytest.raises(InnerEyeError, match=r"looked for epoch_NNN.*; found segmentations\.csv\."):
        find_run(outputs / "epoch_011" / "Test")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InnerEyeError, match=r"; found nothing\."):
        find_run(tmp_path / "empty")
