"""How often is the whole set of a subject's classes right? Combinations of targets."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from innereye.metrics.columns import values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.known_rows import as_float32
from innereye.metrics.scalar.report_table import threshold_metrics
from innereye.names import SUBJECT, natural_key

NO_TARGET = "Negative"
JOINED_BY = "|"


def combination_name(targets: Sequence[str]) -> str:
    """Return the targets joined by `|`, or `Negative` for none."""
    return JOINED_BY.join(targets) if targets else NO_TARGET


def occurring_combinations(table: pd.DataFrame, targets: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every single target, then each other set that is the label of a subject.

    `table` has a row for each subject and target. Targets of a set are in the order given; sets
    come by size, then in that order. Subjects that lack the label of a target are left out.
    """
    labels = _by_subject(table, targets, LABEL)
    found = {
        tuple(target for target in targets if row[target] > 0.5)
        for row in labels.to_dict("records")
    }
    place = {target: number for number, target in enumerate(targets)}
    singles = [(target,) for target in targets]
    others = sorted(
        found - set(singles), key=lambda names: (len(names), [place[name] for name in names])
    )
    return [*singles, *others]


def combination_rows(
    table: pd.DataFrame,
    combination: Collection[str],
    *,
    targets: Sequence[str],
    thresholds: Mapping[str, float],
) -> pd.DataFrame:
    """Return subject, model_output, label and prediction_target, one row for each subject.

    The output is 1 where exactly the targets of the combination reach their thresholds, the label
    where exactly these are labelled. A target without a threshold (NaN) is reached by no output.
    `table` has a row for each subject and target; subjects that lack a label are left out.
    """
    labels = _by_subject(table, targets, LABEL)
    outputs = _by_subject(table, targets, MODEL_OUTPUT).loc[labels.index]
    is_predicted = pd.Series(data=True, index=labels.index)
    is_labelled = pd.Series(data=True, index=labels.index)
    for target in targets:
        reached = as_float32(values_of(outputs, target)) >= thresholds[target]
        is_predicted &= reached == (target in combination)
        is_labelled &= (labels[target] > 0.5) == (target in combination)
    ordered = [target for target in targets if target in combination]
    return pd.DataFrame(
        {
            SUBJECT: list(labels.index),
            MODEL_OUTPUT: is_predicted.astype(int).to_numpy(),
            LABEL: is_labelled.astype(int).to_numpy(),
            PREDICTION_TARGET: combination_name(ordered),
        }
    )


def combination_metrics(rows: pd.DataFrame) -> dict[str, float]:
    """Return the four numbers of a combination that depend on a threshold, which is 0.5 here."""
    return threshold_metrics(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT), threshold=0.5)


def _by_subject(table: pd.DataFrame, targets: Sequence[str], column: str) -> pd.DataFrame:
    """Return a column with a row for each subject and a column for each target; no label missing."""
    chosen = table[table[PREDICTION_TARGET].isin(list(targets))]
    wide = chosen.pivot(index=SUBJECT, columns=PREDICTION_TARGET, values=column)
    wide = wide.reindex(columns=list(targets))
    if column == LABEL:
        wide = wide.dropna()
    return wide.loc[sorted(wide.index, key=lambda subject: natural_key(str(subject)))]
