"""How many of a list of subjects go to which split?"""

import math
from collections.abc import Sequence

from innereye.configs.restriction import ALLOWED, read_limits
from innereye.errors import DatasetError

PROPORTION_TOLERANCE = 1e-6


def parse_restriction(pattern: str) -> list[int | str | None]:
    """Return the limits for Train, Val, Test: a number, None for no limit, `+` for the receiver.

    Raises:
        DatasetError: the pattern has another form.
    """
    try:
        return read_limits(pattern)
    except ValueError:
        raise DatasetError(f"restrict_subjects needs {ALLOWED}; got '{pattern}'.") from None


def check_proportions(p_train: float, p_test: float, p_val: float) -> None:
    """Refuse proportions that do not add up to 1, or that leave Train or Val without subjects."""
    total = p_train + p_test + p_val
    good = 0 < p_train < 1 and 0 <= p_test < 1 and 0 < p_val < 1
    if not good or abs(total - 1) > PROPORTION_TOLERANCE:
        raise DatasetError(
            f"The proportions of Train, Test and Val are {p_train}, {p_test} and {p_val}; they "
            "must add up to 1, each below 1, with Train and Val above 0."
        )


def original_ranges(
    keys: list[str], p_train: float, p_test: float
) -> tuple[list[str], list[str], list[str]]:
    """Return keys parted into Train, Test, Val by the original's rule.

    One key goes to each, then Train and Test get their shares of the rest, rounded up; Val gets
    what is left. The original starts Test's share one key late, which leaves that key to Val.
    """
    train, test, rest = keys[:1], keys[1:2], keys[3:]
    if p_test == 0:
        test, rest = [], [*keys[1:2], *rest]
    train = train + rest[: math.ceil(len(rest) * p_train)]
    if p_test > 0:
        test = test + rest[len(train) : len(train) + math.ceil(len(rest) * p_test)]
    taken = {*train, *test}
    return train, test, [key for key in keys if key not in taken]


def exact_ranges(
    keys: list[str], p_train: float, p_test: float, p_val: float
) -> tuple[list[str], list[str], list[str]]:
    """Return keys parted into Train, Test, Val, the sizes by largest remainder."""
    sizes = largest_remainder(len(keys), (p_train, p_test, p_val))
    val_from = sizes[0] + sizes[1]
    return keys[: sizes[0]], keys[sizes[0] : val_from], keys[val_from:]


def largest_remainder(total: int, proportions: Sequence[float]) -> list[int]:
    """Return whole sizes nearest to the proportions that add up to `total`, 1 or more where p > 0.

    The Hare-Niemeyer rule; ties go to the earlier part.
    """
    shares = [total * proportion for proportion in proportions]
    # 0.7 * 10 is 7.000000000000001 in binary: rounding keeps whole shares whole.
    sizes = [math.floor(round(share, 9)) for share in shares]
    # The parts that would stay empty come first, then those with the largest remainder.
    order = sorted(
        (part for part in range(len(shares)) if proportions[part] > 0),
        key=lambda part: (sizes[part] > 0, sizes[part] - round(shares[part], 9), part),
    )
    for part in order[: total - sum(sizes)]:
        sizes[part] += 1
    for part, proportion in enumerate(proportions):
        if proportion > 0 and sizes[part] == 0:
            largest = max(range(len(sizes)), key=lambda other: sizes[other])
            if sizes[largest] < 2:
                needed = sum(proportion > 0 for proportion in proportions)
                raise DatasetError(
                    f"Splitting needs at least {needed} subjects or groups; there are {total}."
                )
            sizes[largest] -= 1
            sizes[part] += 1
    return sizes
