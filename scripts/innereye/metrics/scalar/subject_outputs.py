"""What was said of one subject, and what is true? Captions of its images in a report."""

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.combinations import combination_name
from innereye.metrics.scalar.table_parts import rows_with
from innereye.names import SUBJECT


def outputs_of_subject(table: pd.DataFrame, subject: str) -> list[tuple[str, float]]:
    """Return each target with the output of a subject, in the order of the rows."""
    rows = rows_with(table, SUBJECT, subject)
    outputs = [float(value) for value in values_of(rows, MODEL_OUTPUT)]
    return list(zip(texts_of(rows, PREDICTION_TARGET), outputs, strict=True))


def true_labels_of_subject(table: pd.DataFrame, subject: str) -> str:
    """Return the targets that a subject is labelled with, joined by `|`, or `Negative`."""
    rows = rows_with(table, SUBJECT, subject)
    found = zip(texts_of(rows, PREDICTION_TARGET), values_of(rows, LABEL), strict=True)
    return combination_name([target for target, label in found if label > 0.5])
