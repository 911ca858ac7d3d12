"""Do the lists of subjects and institutions of a split suit each other?"""

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

SUBJECT_LISTS = ("train_subjects", "val_subjects", "test_subjects")
INSTITUTION_LISTS = (
    "exclude_institutions",
    "institutions_for_test_only",
    "subject_ids_for_test_only",
)


def subject_lists_fit(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """Train and Val are listed together, no subject twice, and no other way to split is asked for."""
    lists: dict[str, list[str]] = {name: getattr(model, name) for name in SUBJECT_LISTS}
    if not any(lists.values()):
        return []
    complaints = [
        f"{name} is empty; a split by lists of subjects needs train_subjects and val_subjects."
        for name in SUBJECT_LISTS[:2]
        if not lists[name]
    ]
    for one, other in combinations(SUBJECT_LISTS, 2):
        if twice := [name for name in lists[one] if name in lists[other]]:
            complaints.append(f"{one} and {other} share {', '.join(dict.fromkeys(twice))}.")
    if model.split_by_institution:
        complaints.append("train_subjects and split_by_institution=True: leave one of the two out.")
    return complaints


def institutions_fit(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """Lists of institutions need the split by institution, which keeps no groups and uses no hash."""
    if not model.split_by_institution:
        return [
            f"{name} has an effect with split_by_institution=True only; set it, or leave {name} out."
            for name in INSTITUTION_LISTS
            if getattr(model, name)
        ]
    complaints = []
    if model.split_by_hash:
        complaints.append("split_by_institution and split_by_hash: leave one of the two out.")
    if model.group_column:
        complaints.append(
            "split_by_institution divides subjects and keeps no groups together; leave it or "
            f"group_column '{model.group_column}' out."
        )
    both = set(model.exclude_institutions) & set(model.institutions_for_test_only)
    if both:
        names = ", ".join(sorted(both))
        complaints.append(f"exclude_institutions and institutions_for_test_only share {names}.")
    return complaints
