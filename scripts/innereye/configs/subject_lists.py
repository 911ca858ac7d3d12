"""Which subjects does a model's own split name? The answer of models that know no tables."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SubjectLists:
    """The subjects of each split, as `get_model_train_test_dataset_splits` may return them."""

    train: Sequence[str]
    val: Sequence[str]
    test: Sequence[str]
