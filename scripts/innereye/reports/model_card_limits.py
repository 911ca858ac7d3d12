"""What limits a model, as far as its own results show? Sentences with numbers."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from innereye.metrics.columns import texts_of, values_by_structure, values_of
from innereye.metrics.confidence import mean_with_interval
from innereye.metrics.outliers import find_outliers
from innereye.names import DICE, PATIENT, STRUCTURE
from innereye.reports.few_subjects import FEW_SUBJECTS
from innereye.reports.markdown import escaped
from innereye.reports.model_card_data import (
    UNNAMED,
    institution_of,
    lacking_masks,
    listed,
    masks_of,
)
from innereye.reports.model_card_one_sided import Side, one_sided
from innereye.reports.model_card_scores import ScoredSplit
from innereye.reports.score_tables import METRIC_TITLES, outlier_table

OUTLIERS_SHOWN = 10
DECIMALS = 3
WHERE = {
    Side.TRUTH: "was missed (nothing was segmented) in",
    Side.SEGMENTATION: "was segmented although the truth has none in",
    Side.UNKNOWN: "is in only one of truth and segmentation (missed, or not there) in",
}


def limits_of_data(parts: Mapping[str, pd.DataFrame], structures: list[str]) -> list[str]:
    """Return sentences on masks that subjects lack, and on institutions that the data come from."""
    sentences = [
        f"There is no mask of {escaped(structure)} in {len(lacking)} of {total} subjects of {part} "
        f"({listed(lacking)}): it is neither learnt from nor scored there."
        for part, structure, lacking, total in lacking_masks(parts, structures)
    ]
    institutions = {name for rows in parts.values() for name in institution_of(rows).values()}
    if institutions <= {""}:
        return [*sentences, "dataset.csv names no institutions: how they differ is not known."]
    if len(institutions) == 1:
        only = escaped(institutions.pop())
        sentences.append(f"All subjects come from one institution, {only}.")
    return sentences


def limits_of_scores(
    scored: ScoredSplit, parts: Mapping[str, pd.DataFrame], *, outlier_range: float
) -> list[str]:
    """Return sentences on what the scores of a split show; none where it has no subjects."""
    if scored.metrics.empty:
        return []
    return [
        *few_subjects(scored),
        *nowhere(scored, parts),
        *on_one_side(scored),
        *outliers(scored, outlier_range=outlier_range),
        *institutions(scored, parts),
        *members(scored),
    ]


def few_subjects(scored: ScoredSplit) -> list[str]:
    """Say which structures have few scores, and how wide the widest interval of mean Dice is."""
    means = {
        structure: mean_with_interval(values, highest=1.0)
        for structure, values in values_by_structure(scored.metrics, DICE).items()
    }
    few = {name: mean for name, mean in means.items() if mean.count < FEW_SUBJECTS}
    if not few:
        return []
    counts = ", ".join(f"{escaped(name)} {mean.count}" for name, mean in few.items())
    start = f"{scored.name} has few scores of Dice (fewer than {FEW_SUBJECTS}): {counts}."
    with_interval = {name: mean for name, mean in few.items() if mean.count > 1}
    if not with_interval:
        return [f"{start} None of these means has an interval."]
    # The width is that of the ends as printed, so that a reader who subtracts finds no fault.
    ends = {
        name: (round(mean.ci_low, DECIMALS), round(mean.ci_high, DECIMALS))
        for name, mean in with_interval.items()
    }
    name, (low, high) = max(ends.items(), key=lambda item: item[1][1] - item[1][0])
    return [
        f"{start} The least certain mean is that of {escaped(name)}: its 95 % interval, "
        f"{low:.3f} to {high:.3f}, is {high - low:.3f} wide."
    ]


def nowhere(scored: ScoredSplit, parts: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say which structures have a mask but no score, as neither truth nor segmentation has a voxel."""
    masks = {pair for rows in parts.values() for pair in masks_of(rows)}
    missing = np.isnan(values_of(scored.metrics, DICE))
    pairs = zip(texts_of(scored.metrics, STRUCTURE), texts_of(scored.metrics, PATIENT), strict=True)
    found: dict[str, list[str]] = {}
    for (structure, subject), is_missing in zip(pairs, missing, strict=True):
        if is_missing and (subject, structure) in masks:
            found.setdefault(structure, []).append(subject)
    return [
        f"{escaped(structure)} is in neither truth nor segmentation in {_share(scored, subjects)}: "
        "no score."
        for structure, subjects in sorted(found.items())
    ]


def on_one_side(scored: ScoredSplit) -> list[str]:
    """Say which structures were missed or made up: Dice 0, infinite distances."""
    return [
        f"{escaped(structure)} {WHERE[side]} {_share(scored, subjects)}: Dice is 0 and distances "
        "are infinite there."
        for (structure, side), subjects in one_sided(scored).items()
    ]


def outliers(scored: ScoredSplit, *, outlier_range: float) -> list[str]:
    """Name the subjects with outliers as the report does, or say that so few can have none."""
    columns = [metric for metric in METRIC_TITLES if metric in scored.metrics]
    rows = find_outliers(scored.metrics, outlier_range=outlier_range, columns=columns)
    reach = f"{outlier_range:g} standard deviations from the mean of their structure"
    subjects = list(dict.fromkeys(texts_of(rows, PATIENT)))
    if subjects:
        shown = outlier_table(scored.metrics, outlier_range=outlier_range).rows[:OUTLIERS_SHOWN]
        details = "; ".join(
            f"{escaped(subject)}, {escaped(structure)}: {metric} {value}"
            for metric, subject, structure, value, _ in shown
        )
        more = len(rows) - len(shown)
        rest = f"; and {more} more, see the report" if more else ""
        noun = "score" if len(rows) == 1 else "scores"
        return [
            f"Outliers: {len(rows)} {noun} of {_share(scored, subjects)} more than {reach}, on "
            f"the bad side, or infinite: {details}{rest}."
        ]
    if not can_have_outliers(len(scored.subjects), outlier_range):
        return [
            f"Outliers of {scored.name} cannot be told: among {len(scored.subjects)} values none "
            f"can lie more than {reach}."
        ]
    return []


def can_have_outliers(count: int, outlier_range: float) -> bool:
    """Say whether one of `count` values can lie beyond the range: at most (n-1)/sqrt(n) deviations."""
    return count > 1 and (count - 1) / math.sqrt(count) > outlier_range


def institutions(scored: ScoredSplit, parts: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say at which institutions the mean Dice of subjects is lowest and highest."""
    name_of = {key: name for rows in parts.values() for key, name in institution_of(rows).items()}
    found = lowest_and_highest(scored, name_of)
    return [f"On {scored.name} the mean Dice of the institutions {found}."] if found else []


def members(scored: ScoredSplit) -> list[str]:
    """Say which members of an ensemble have the lowest and the highest mean Dice on their own part."""
    named = {subject: f"member {name}" for subject, name in scored.member_of.items()}
    found = lowest_and_highest(scored, named)
    return (
        [f"The mean Dice of the members, each on its own {scored.split}, {found}."] if found else []
    )


def lowest_and_highest(scored: ScoredSplit, group_of: Mapping[str, str]) -> str:
    """Return such as `goes from 0.5 (a, n 3) to 0.7 (b, n 2)`, of groups of subjects; else nothing."""
    means: dict[str, list[float]] = {}
    for subject, mean in subject_means(scored.metrics).items():
        means.setdefault(group_of.get(subject, ""), []).append(mean)
    if len(means) < 2:
        return ""
    found = sorted((math.fsum(values) / len(values), name) for name, values in means.items())
    low, high = (
        f"{mean:.3f} ({escaped(name or UNNAMED)}, n {len(means[name])})"
        for mean, name in (found[0], found[-1])
    )
    return f"goes from {low} to {high}"


def subject_means(metrics: pd.DataFrame) -> dict[str, float]:
    """Return the mean Dice over structures of each subject that has one."""
    found: dict[str, list[float]] = {}
    pairs = zip(texts_of(metrics, PATIENT), values_of(metrics, DICE).tolist(), strict=True)
    for subject, value in pairs:
        if not math.isnan(value):
            found.setdefault(subject, []).append(value)
    return {subject: math.fsum(values) / len(values) for subject, values in found.items()}


def _share(scored: ScoredSplit, subjects: list[str]) -> str:
    """Return such as `2 of 8 subjects of Test (5, 7)`."""
    return (
        f"{len(subjects)} of {len(scored.subjects)} subjects of {scored.name} ({listed(subjects)})"
    )
