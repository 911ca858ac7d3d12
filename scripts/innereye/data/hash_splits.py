"""Where does a name belong when no other name may matter? Splits and folds by a hash."""

import hashlib
from collections.abc import Iterable, Sequence

from innereye.errors import DatasetError
from innereye.names import Split

# Salts keep the two draws apart: with one hash for both, the Val of a split would fill few folds.
# The salt of a split is its seed, a number, so that no seed gives the salt of the folds.
FOLD_SALT = "fold"
BITS = 53  # as many as a float holds, so that no number is rounded up to 1


def hash_split(
    keys: Iterable[str], p_train: float, p_test: float, p_val: float, *, seed: int = 0
) -> dict[Split, list[str]]:
    """Return the keys of each split, in order; each key's split depends on itself and the seed.

    A key draws a number from [0, 1), the first 53 bits of sha256("seed:key"). Below `p_test` it
    goes to Test, below `p_test + p_val` to Val, else to Train.

    Raises:
        DatasetError: Train or Val got no key.
    """
    parts: dict[Split, list[str]] = {split: [] for split in Split}
    for key in keys:
        number = _hash(str(seed), key, BITS) / 2**BITS
        to_test, to_val = number < p_test, number < p_test + p_val
        parts[Split.TEST if to_test else Split.VAL if to_val else Split.TRAIN].append(key)
    empty = [str(split) for split in (Split.TRAIN, Split.VAL) if not parts[split]]
    if empty:
        total = sum(len(part) for part in parts.values())
        raise DatasetError(
            f"The hash of the {total} subjects or groups leaves {' and '.join(empty)} empty for "
            f"the shares {p_train:g} of Train, {p_val:g} of Val and {p_test:g} of Test; give "
            "larger shares, another split_seed, more subjects, or split_by_hash=False."
        )
    return parts


def hash_folds(keys: Sequence[str], number_of_folds: int) -> list[set[str]]:
    """Return the keys of each fold: sha256("fold:key") modulo the number of folds.

    Raises:
        DatasetError: a fold got no key.
    """
    folds: list[set[str]] = [set() for _ in range(number_of_folds)]
    for key in keys:
        folds[_hash(FOLD_SALT, key) % number_of_folds].add(key)
    empty = [str(index) for index, fold in enumerate(folds) if not fold]
    if empty:
        raise DatasetError(
            f"The hash of the {len(keys)} subjects or groups of Train and Val leaves fold "
            f"{', '.join(empty)} of {number_of_folds} empty; use fewer folds "
            "(number_of_cross_validation_splits), or split_by_hash=False."
        )
    return folds


def _hash(salt: str, key: str, bits: int = 256) -> int:
    """Return the first bits of a key's sha256 as a number, the same on every machine."""
    digest = hashlib.sha256(f"{salt}:{key}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits)
