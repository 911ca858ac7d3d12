"""How do tables and pictures become HTML that stands alone?"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, repr=False)
class Html:
    """A piece of HTML that a notebook shows as such."""

    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"HTML of {len(self.text)} characters"


def join(pieces: Iterable[Html]) -> Html:
    """Return the pieces one below the other."""
    return Html("\n".join(piece.text for piece in pieces))


def block(pieces: Iterable[Html]) -> Html:
    """Return the pieces as one, such as a cell of a grid."""
    return Html(f"<div>\n{join(pieces).text}\n</div>")


def paragraph(sentence: str) -> Html:
    """Return one paragraph of plain text."""
    return Html(f"<p>{escape(sentence)}</p>")


def heading(text: str, *, level: int = 3) -> Html:
    """Return a heading, of the third level where nothing else is said."""
    return Html(f"<h{level}>{escape(text)}</h{level}>")


def banner(sentence: str) -> Html:
    """Return a warning that is hard to overlook, in a notebook too."""
    style = "background:#fff4d6;border-left:5px solid #d98e04;padding:0.6em 1em;margin:1em 0"
    return Html(f'<div class="banner" style="{style}">{escape(sentence)}</div>')


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    word_columns: int = 1,
    marked: Sequence[int] = (),
) -> Html:
    """Return a table of plain text: first `word_columns` of words, then numbers; `marked` rows stand out."""
    head = _row("th", columns, word_columns)
    body = [
        f"<tr{_class('marked', index in marked)}>{_row('td', row, word_columns)}</tr>"
        for index, row in enumerate(rows)
    ]
    return Html(
        f"<table><thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(body) + "\n</tbody></table>"
    )


def _row(tag: str, cells: Sequence[str], word_columns: int) -> str:
    return "".join(
        f"<{tag}{_class('word', index < word_columns)}>{escape(cell)}</{tag}>"
        for index, cell in enumerate(cells)
    )


def _class(name: str, applies: bool) -> str:
    return f' class="{name}"' if applies else ""


def facts_table(facts: Sequence[tuple[str, str]]) -> Html:
    """Return a table of names and values, without a head."""
    rows = "\n".join(
        f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in facts
    )
    return Html(f'<table class="facts"><tbody>\n{rows}\n</tbody></table>')


def picture(content: bytes, *, kind: str, alt: str) -> Html:
    """Return a picture with its bytes inside; kind is `png` or `jpeg`."""
    data = base64.b64encode(content).decode("ascii")
    return Html(
        f'<img style="max-width:100%" alt="{escape(alt)}" src="data:image/{kind};base64,{data}">'
    )


def grid(pieces: Sequence[Html], columns: int = 3) -> Html:
    """Return the pieces side by side, `columns` in a row."""
    style = f"display:grid;grid-template-columns:repeat({columns},1fr);gap:6px"
    return Html(f'<div style="{style}">\n' + "\n".join(piece.text for piece in pieces) + "\n</div>")


def folded(summary: str, piece: Html) -> Html:
    """Return a piece that opens when its summary is clicked."""
    return Html(f"<details><summary>{escape(summary)}</summary>\n{piece.text}\n</details>")
