"""When are there too few subjects to say much? A warning above their numbers."""

from innereye.reports.markup import Html, banner

FEW_SUBJECTS = 20


def few_subjects(count: int) -> list[Html]:
    """Return a warning where fewer than 20 subjects were scored, else nothing."""
    if count >= FEW_SUBJECTS:
        return []
    noun = "subject" if count == 1 else "subjects"
    return [
        banner(
            f"Only {count} {noun}: intervals are wide, and one subject can change the mean. "
            f"Use at least {FEW_SUBJECTS} subjects before comparing models."
        )
    ]
