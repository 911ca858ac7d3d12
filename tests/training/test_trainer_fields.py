"""What the fields of the trainer do: limits, rare validation, looks, notes; and what they leave alone."""

import csv
import logging
from pathlib import Path
from typing import Any

import pytest

from innereye.names import LAST_CHECKPOINT, Profiler, Split, StartMethod
from innereye.training.epoch_metrics import EpochMetrics, EpochMetricsTable, columns
from innereye.training.train import train
from trainings import files_of

NOTES = {
    "monitoring_interval_seconds": 1,
    "monitor_gpu": True,
    "pl_profiler": Profiler.SIMPLE,
    "pl_num_sanity_val_steps": 1,
    "pl_progress_bar_refresh_rate": 1,
    "detect_anomaly": True,
}


def rows(run_folder: Path, split: Split) -> list[dict[str, str]]:
    with (run_folder / split / "epoch_metrics.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def plain(training: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished training with the defaults."""
    folder = tmp_path_factory.mktemp("plain")
    train(**training(folder))
    return folder


@pytest.fixture(scope="module")
def noted(training: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished training of which everything is noted that can be."""
    folder = tmp_path_factory.mktemp("noted")
    train(**training(folder, **NOTES))
    return folder


def test_what_is_noted_changes_no_byte(plain: Path, noted: Path) -> None:
    assert files_of(noted) == files_of(plain)


def test_the_layers_are_listed(plain: Path) -> None:
    text = (plain / "logs" / "model_summaries" / "model_log001.txt").read_text()
    assert "Conv3d" in text
    assert "Trainable params" in text


def test_the_times_of_the_parts_are_listed(noted: Path) -> None:
    assert "run_training_epoch" in (noted / "logs" / "fit-profile.txt").read_text()


def test_the_load_is_a_table_with_means_and_maxima(noted: Path) -> None:
    text = (noted / "logs" / "aggregate_resource_usage.csv").read_text()
    table = {line.rsplit(",", 1)[0]: float(line.rsplit(",", 1)[1]) for line in text.split("\n")[1:]}
    assert text.startswith("gpu,metric,value\nCPU,")
    assert 0 < table["CPU,Load_Percent"] <= table["CPU,MaxLoad_Percent"]
    assert 0 < table["CPU,MemAllocated_GB"] <= table["CPU,MaxMemAllocated_GB"]


def test_nothing_is_noted_unless_it_is_asked_for(
    plain: Path, training: Any, tmp_path: Path
) -> None:
    names = {path.name for path in (plain / "logs").iterdir()}
    assert names == {"Lightning", "model_summaries"}
    train(**training(tmp_path, log_summaries_to_files=False, num_epochs=1))
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["Lightning"]


def test_batches_are_limited(training: Any, tmp_path: Path) -> None:
    limits = {"pl_limit_train_batches": 1, "pl_limit_val_batches": 1, "train_batch_size": 1}
    train(**training(tmp_path, **limits))
    for split in (Split.TRAIN, Split.VAL):
        assert [row["subject_count"] for row in rows(tmp_path, split)] == ["1.000000"] * 2


def test_no_limit_is_written_as_none_or_zero(plain: Path, training: Any, tmp_path: Path) -> None:
    train(**training(tmp_path, pl_limit_train_batches=0, pl_limit_val_batches=0))
    assert files_of(tmp_path) == files_of(plain)


def test_rare_validation_gives_the_same_rows_less_often(training: Any, tmp_path: Path) -> None:
    train(**training(tmp_path / "each", num_epochs=5))
    train(**training(tmp_path / "rare", num_epochs=5, pl_check_val_every_n_epoch=2))
    each, rare = (rows(tmp_path / name, Split.VAL) for name in ("each", "rare"))
    assert rare == [each[1], each[3]]
    assert rows(tmp_path / "rare", Split.TRAIN) == rows(tmp_path / "each", Split.TRAIN)
    last = Path("checkpoints") / LAST_CHECKPOINT
    assert (tmp_path / "rare" / last).read_bytes() == (tmp_path / "each" / last).read_bytes()


def test_a_validation_that_never_comes_leaves_an_empty_table(training: Any, tmp_path: Path) -> None:
    train(**training(tmp_path, pl_check_val_every_n_epoch=9, pl_num_sanity_val_steps=5))
    assert rows(tmp_path, Split.VAL) == []


def test_deterministic_is_what_a_cpu_always_is(plain: Path, training: Any, tmp_path: Path) -> None:
    train(**training(tmp_path, pl_deterministic=True))
    assert files_of(tmp_path) == files_of(plain)


def test_a_gradient_that_is_no_number_is_named(
    training: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from innereye.training.lightning_module import SegmentationTraining

    def bad_step(self: Any, batch: Any, batch_idx: int) -> Any:
        return (self.model(batch.images) * 0 - 1).sqrt().sum()

    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(SegmentationTraining, "training_step", bad_step)
        with pytest.raises(RuntimeError, match="returned nan values"):
            train(**training(tmp_path, detect_anomaly=True))


@pytest.mark.slow
@pytest.mark.parametrize("start_method", list(StartMethod))
def test_crops_are_the_same_however_processes_start(
    plain: Path, training: Any, tmp_path: Path, start_method: StartMethod
) -> None:
    fields = {"multiprocessing_start_method": start_method, "num_dataload_workers": 2}
    train(**training(tmp_path, **fields))
    assert files_of(tmp_path) == files_of(plain)


@pytest.mark.parametrize(
    ("every", "first", "epochs"), [(1, 0, 5), (2, 0, 6), (3, 4, 11), (4, 0, 3)]
)
def test_rows_of_rare_epochs_count_up_to_the_next_one(
    tmp_path: Path, every: int, first: int, epochs: int
) -> None:
    header = columns([], with_learning_rate=False)
    table = EpochMetricsTable(tmp_path / "e.csv", header, fold=-1, first_epoch=first, every=every)
    table.keep(first)
    for epoch in range(first, epochs):
        assert table.count_epochs() >= epoch
        if (epoch + 1) % every == 0:
            assert table.count_epochs() == epoch
            table.append(epoch, EpochMetrics(1, 0.5, 0.5, (), ()))
    table.keep(epochs - 1)
    assert table.count_epochs() in range(epochs - 1, epochs - 1 + every)
