"""How does Markdown read well both raw and rendered? Tables in columns, names without markup."""

import re
from collections.abc import Iterable, Sequence

# What would end a cell, or make a name bold, a link, code or HTML; `_` only at the edge of a word.
MARKUP = re.compile(r"[|*`<>\[\]\\]|(?<!\w)_|_(?!\w)")
Rows = Sequence[Sequence[str]]


def escaped(text: str) -> str:
    """Return a name or value on one line, such that it is shown as it is."""
    return MARKUP.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))


def table(columns: Sequence[str], rows: Rows, *, word_columns: int = 1) -> str:
    """Return a table: first `word_columns` of words, to the left, then numbers, to the right."""
    cells = [[escaped(cell) for cell in row] for row in [columns, *rows]]
    widths = [max(3, *(len(row[index]) for row in cells)) for index in range(len(columns))]
    rule = [
        "-" * width if index < word_columns else "-" * (width - 1) + ":"
        for index, width in enumerate(widths)
    ]
    padded = [
        [
            cell.ljust(width) if index < word_columns else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in cells
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in [padded[0], rule, *padded[1:]])


def bullets(sentences: Iterable[str]) -> str:
    """Return a list, one sentence a point; the sentences are Markdown already."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and values."""
    return bullets(f"**{escaped(name)}:** {escaped(value)}" for name, value in rows)


def blocks(parts: Iterable[str]) -> str:
    """Return headings, paragraphs, lists and tables one below the other, empty ones left out."""
    return "\n\n".join(part for part in parts if part)
