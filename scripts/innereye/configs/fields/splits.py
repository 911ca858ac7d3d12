"""Which subjects train, which validate, and which test?"""

from innereye.configs.fields.base import Fields
from innereye.configs.restriction import OptionalRestriction
from innereye.configs.values import Bool, Names, OptionalText, Proportions, Whole


class SplitFields(Fields):
    """How subjects are divided into Train, Val and Test."""

    split_proportions: Proportions = (0.7, 0.1, 0.2)
    """Shares of Train, Val and Test, unless the model has a split of its own."""
    split_seed: Whole = 0
    """Seed of the shuffle before the split by proportions."""
    exact_split: Bool = False
    """Round the shares exactly; False repeats InnerEye's rounding, which gives Val one more."""
    group_column: OptionalText = None
    """Column of dataset.csv whose equal values stay in one split, such as a patient with two scans."""
    stratify_column: OptionalText = None
    """Column of dataset.csv whose values get equal shares in each fold of a cross-validation."""
    split_by_hash: Bool = False
    """Place each subject, or group, by a hash of its name: a new one moves no other."""
    split_by_institution: Bool = False
    """Divide the subjects of each institutionId by split_proportions on their own."""
    exclude_institutions: Names = []
    """Institutions that are left out, with split_by_institution."""
    institutions_for_test_only: Names = []
    """Institutions whose subjects all go to Test, with split_by_institution."""
    subject_ids_for_test_only: Names = []
    """Subjects that go to Test whatever their institution, with split_by_institution."""
    train_subjects: Names = []
    """Subjects of Train, with val_subjects; lists of subjects come before every other way to split."""
    val_subjects: Names = []
    """Subjects of Val, with train_subjects."""
    test_subjects: Names = []
    """Subjects of Test, with train_subjects and val_subjects; subjects in no list are not used."""
    restrict_subjects: OptionalRestriction = None
    """Limits for the subjects of all splits (20) or of Train,Val,Test (20,,3); + takes what others drop."""
