"""How is `restrict_subjects` read? At most so many subjects in each split: `20`, `20,,3`, `0,2,+`."""

from typing import Annotated

from innereye.configs.readers import Form, optional, read_text

RECEIVES = "+"  # the split that takes in what others drop
ALLOWED = (
    "one whole number from 0 on for all splits, such as 20, or three places for Train,Val,Test, each a "
    "number, nothing for no limit, or once + for the split that takes in what a number drops, such as "
    "20,,3 or 0,2,+"
)


def read_limits(pattern: str) -> list[int | str | None]:
    """Return the limits of Train, Val and Test: a number, None for no limit, `+` for the receiver.

    Raises:
        ValueError: the pattern has another form.
    """
    parts = [part.strip() for part in pattern.split(",")]
    if len(parts) == 1:
        parts *= 3
    numbers = [part for part in parts if part.isascii() and part.isdecimal()]
    receivers, blanks = parts.count(RECEIVES), parts.count("")
    if len(parts) != 3 or len(numbers) + receivers + blanks != 3:
        raise ValueError("neither one part nor three, or a part that is no number")
    if receivers > 1 or (receivers and not numbers):
        raise ValueError("a receiver without a split that drops subjects, or several receivers")
    return [int(part) if part in numbers else part or None for part in parts]


def read_pattern(value: object) -> str:
    """Return the one spelling of a restriction; Snakemake makes a number of `20` and `[20,,3]` a list."""
    parts = value if isinstance(value, list | tuple) else [value]
    pattern = ",".join("" if part is None else str(read_text(part)).strip() for part in parts)
    pattern = pattern.strip("[]()").replace(" ", "")
    read_limits(pattern)
    return pattern


OptionalRestriction = Annotated[str | None, optional(read_pattern), Form(ALLOWED)]
