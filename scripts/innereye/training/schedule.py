"""What is the learning rate of an epoch?"""

import math
from bisect import bisect_right
from collections.abc import Sequence

from innereye.errors import ConfigError
from innereye.names import LRScheduler, LRWarmUp


def learning_rate(
    epoch: int,
    *,
    num_epochs: int,
    l_rate: float,
    min_l_rate: float,
    l_rate_scheduler: str,
    l_rate_exponential_gamma: float,
    l_rate_step_gamma: float,
    l_rate_step_step_size: int,
    l_rate_multi_step_gamma: float,
    l_rate_multi_step_milestones: Sequence[int] | None,
    l_rate_polynomial_gamma: float,
    l_rate_warmup: str,
    l_rate_warmup_epochs: int,
) -> float:
    """Return the learning rate in `epoch`, counted from 0.

    Linear warm-up rises towards `l_rate`; the schedule, milestones too, counts from its end. Only
    Polynomial and Cosine heed `min_l_rate`, which they would reach in epoch `num_epochs`. Raises
    ConfigError where a field makes no schedule.
    """
    warmup_epochs = 0 if LRWarmUp(l_rate_warmup) is LRWarmUp.NO_WARMUP else l_rate_warmup_epochs
    if epoch < warmup_epochs:
        return l_rate * (epoch + 1) / (warmup_epochs + 1)
    since = epoch - warmup_epochs
    # An epoch past the end keeps the last value: a power of a negative number would be complex.
    progress = min(1.0, since / max(1, num_epochs - warmup_epochs))
    span = l_rate - min_l_rate
    match LRScheduler(l_rate_scheduler):
        case LRScheduler.EXPONENTIAL:
            return l_rate * l_rate_exponential_gamma**since
        case LRScheduler.STEP:
            return l_rate * l_rate_step_gamma ** _steps(since, l_rate_step_step_size)
        case LRScheduler.MULTI_STEP:
            return l_rate * l_rate_multi_step_gamma ** _passed(since, l_rate_multi_step_milestones)
        case LRScheduler.POLYNOMIAL:
            return min_l_rate + span * (1.0 - progress) ** l_rate_polynomial_gamma
        case LRScheduler.COSINE:
            return min_l_rate + span * 0.5 * (1.0 + math.cos(math.pi * progress))


def _steps(since: int, step_size: int) -> int:
    if step_size < 1:
        raise ConfigError(f"l_rate_step_step_size must be at least 1; got {step_size}.")
    return since // step_size


def _passed(since: int, milestones: Sequence[int] | None) -> int:
    if not milestones:
        raise ConfigError(
            f"l_rate_scheduler '{LRScheduler.MULTI_STEP}' needs l_rate_multi_step_milestones, "
            f"such as [20, 40]; got {milestones}."
        )
    return bisect_right(sorted(milestones), since)
