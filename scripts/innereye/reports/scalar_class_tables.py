"""Which class is taken for which, where each subject has one? Counts of true and most likely class."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.interval import wilson
from innereye.names import SUBJECT


def class_confusion(rows: pd.DataFrame, targets: Sequence[str]) -> pd.DataFrame:
    """Return the number of subjects by true class (rows) and most likely class (columns).

    `rows` has a row for each subject and target. Subjects that lack a label, or have no class, are
    left out; of equally likely classes the first one counts.
    """
    labels, outputs = (
        rows.pivot(index=SUBJECT, columns=PREDICTION_TARGET, values=name)
        .reindex(list(targets), axis="columns")
        .to_numpy(np.float64)
        for name in (LABEL, MODEL_OUTPUT)
    )
    has_class = ~np.isnan(labels).any(axis=1) & (labels > 0.5).any(axis=1)
    truth, found = labels[has_class].argmax(axis=1), outputs[has_class].argmax(axis=1)
    counts = np.zeros((len(targets), len(targets)), np.int64)
    np.add.at(counts, (truth, found), 1)
    return pd.DataFrame(counts, index=list(targets), columns=list(targets))


def class_accuracy_in_words(counts: pd.DataFrame) -> str:
    """Return such as `0.8000 (0.6000 to 0.9000)`, with the interval of Wilson."""
    cells = counts.to_numpy()
    correct, total = int(np.trace(cells)), int(cells.sum())
    if not total:
        return "no subject has a class"
    reach = wilson(correct, total)
    return f"{correct / total:.4f} ({reach.low:.4f} to {reach.high:.4f}), {correct} of {total}"
