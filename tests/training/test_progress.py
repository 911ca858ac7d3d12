import pytest

from innereye.training.epoch_metrics import EpochMetrics
from innereye.training.progress import Progress, duration

TRAIN = EpochMetrics(160, 0.23123, 0.7, (0.7,), (5.0,), learning_rate=9.104e-4)
VAL = EpochMetrics(40, 0.25144, 0.8123, (0.8123,), (5.0,))
TIMES = {"epoch_s": 4.26, "training_s": 4.0, "waited_s": 0.08}


def test_the_line_of_an_epoch():
    line = Progress(120).line(12, train=TRAIN, val=VAL, **TIMES)
    assert line == (
        "epoch  12/120 | loss 0.2312 train, 0.2514 val | Dice 0.812 val | learning rate 9.1e-04 | "
        "4.3 s (2% waiting for data) | 8 min left"
    )


def test_without_validation_the_line_speaks_of_training():
    line = Progress(3).line(3, train=TRAIN, val=None, **TIMES)
    assert "loss 0.2312 train | Dice 0.700 train |" in line
    assert line.endswith("| finished")


def test_the_time_left_follows_the_mean_of_the_epochs_seen():
    progress = Progress(4)
    progress.line(1, train=TRAIN, val=VAL, **{**TIMES, "epoch_s": 10.0})
    assert progress.line(2, train=TRAIN, val=VAL, **{**TIMES, "epoch_s": 20.0}).endswith(
        "30 s left"
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7000, "117 min"), (7500, "2 h 05 min")],
)
def test_durations_for_people(seconds, text):
    assert duration(seconds) == text
