"""What happened in an epoch of a scalar model? A row of Train/ and Val/epoch_metrics.csv."""

from collections.abc import Mapping, Sequence

from innereye.metrics.scalar.binary import BINARY_METRICS, BinaryMetrics
from innereye.metrics.scalar.columns import EPOCH, FOLD
from innereye.metrics.scalar.number_texts import number_text
from innereye.metrics.scalar.regression import REGRESSION_METRICS, RegressionMetrics

DECIMALS = 6
LOSS, LEARNING_RATE, COUNT = "loss", "learning_rate", "subject_count"
# The original logs these with each batch, so they come before the learning rate.
PER_BATCH = ("cross_entropy", "accuracy_at_threshold_05")


def epoch_columns(
    targets: Sequence[str], *, is_classification: bool, with_learning_rate: bool
) -> list[str]:
    """Return the header of epoch_metrics.csv; with several targets metrics end in `/<target>`."""
    names = BINARY_METRICS if is_classification else REGRESSION_METRICS
    first = [name for name in PER_BATCH if is_classification]
    rest = [name for name in names if name not in {*first, COUNT}]
    if not is_classification:
        first, rest = rest, []
    return [
        LOSS,
        *(_column(name, target, targets) for target in targets for name in first),
        *([LEARNING_RATE] if with_learning_rate else []),
        *(_column(name, target, targets) for target in targets for name in rest),
        *(COUNT, EPOCH, FOLD),
    ]


def epoch_row(
    metrics: Mapping[str, BinaryMetrics] | Mapping[str, RegressionMetrics],
    *,
    loss: float,
    subject_count: int,
    epoch: int,
    fold: int,
    learning_rate: float | None = None,
) -> dict[str, str]:
    """Return the fields of an epoch's row, counted from 0, by column and in the order of the header.

    `metrics`: those of each target over all its subjects. Six decimals; a learning rate, that of
    Train, has an exponent, so that small ones show; a metric that is NaN is an empty field.
    """
    targets = list(metrics)
    values = {
        _column(name, target, targets): value
        for target, of_target in metrics.items()
        for name, value in vars(of_target).items()
        if name != COUNT
    }
    values |= {LOSS: loss, COUNT: float(subject_count)}
    texts = {column: number_text(value, DECIMALS) for column, value in values.items()}
    texts |= {EPOCH: str(epoch), FOLD: str(fold)}
    if learning_rate is not None:
        texts[LEARNING_RATE] = f"{learning_rate:.{DECIMALS}e}"
    columns = epoch_columns(
        targets,
        is_classification=all(isinstance(each, BinaryMetrics) for each in metrics.values()),
        with_learning_rate=learning_rate is not None,
    )
    return {column: texts[column] for column in columns}


def _column(name: str, target: str, targets: Sequence[str]) -> str:
    return name if len(targets) == 1 else f"{name}/{target}"
