"""What is to be said of scores on subjects that a model was trained on?"""

from innereye.reports.markup import Html, banner


def seen_in_training(split: str) -> Html:
    """Return a warning that most of an ensemble's members have seen the subjects of a split."""
    return banner(
        f"All members but one were trained on each subject of {split}: these scores are better than "
        "those on new subjects, and enter no comparison."
    )
