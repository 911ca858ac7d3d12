"""What does each section of the report on a data set show?"""

from collections import Counter
from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.names import CHANNEL, Split
from innereye.reports.dataset_findings import NO_SPLIT, Finding
from innereye.reports.dataset_pictures import intensities_png, sizes_png, volumes_png
from innereye.reports.described_dataset import (
    EMPTY,
    NO_ROW,
    SPLIT,
    STATE,
    STRUCTURE,
    UNUSUAL,
    VOLUME_ML,
    DescribedDataset,
)
from innereye.reports.markup import (
    Html,
    facts_table,
    folded,
    heading,
    join,
    paragraph,
    picture,
    table,
)
from innereye.reports.score_tables import TextTable

ROWS_OPEN = 12
MOST_ROWS = 500
MOST_INSTITUTIONS = 30


def header(described: DescribedDataset, facts: Sequence[tuple[str, str]]) -> Html:
    """Show what the data set is: the given facts, and its subjects, channels and structures."""
    counts = [
        f"{count} {split}"
        for split in Split
        if (count := sum(described.split_of(found.subject) == split for found in described.facts))
    ]
    in_words = f" ({', '.join(counts)})" if counts else ""
    return facts_table(
        [
            *facts,
            ("Subjects", f"{len(described.facts)}{in_words}"),
            ("Image channels", ", ".join(described.channels)),
            ("Structures", ", ".join(described.structures) or "none"),
        ]
    )


def overview(findings: Sequence[Finding]) -> Html:
    """Show the kinds of findings with their numbers; each leads to its rows."""
    if not findings:
        return join([_title("What deserves a look"), paragraph("Nothing stands out.")])
    rows = "\n".join(
        f'<tr{" class=marked" if finding.is_fault else ""}><td class="word">'
        f'<a href="#{_anchor(finding.title)}">{escape(finding.title)}</a></td>'
        f"<td>{finding.count}</td></tr>"
        for finding in findings
    )
    note = "Rows in red are faults; the others are worth a look, and may be as they should."
    head = '<thead><tr><th class="word">Finding</th><th>Number</th></tr></thead>'
    body = Html(f"<table>{head}<tbody>\n{rows}\n</tbody></table>")
    return join([_title("What deserves a look"), body, paragraph(note)])


def sizes(described: DescribedDataset) -> Html:
    """Show sizes, spacings and orientations of the scans."""
    if described.images.empty:
        return join([])
    spacings = described.spacings().most_common(1)[0]
    commonest = ", ".join(f"{mm:g}" for mm in spacings[0])
    several = len(described.spacings())
    orientations = described.orientations().most_common()
    sentence = (
        f"{spacings[1]} of {len(described.facts)} scans have a spacing of {commonest} mm (z, y, x)"
        + (f"; there are {several} different ones." if several > 1 else ".")
    )
    axes = ", ".join(f"{name} ({count} scans)" for name, count in orientations)
    return join(
        [
            _title("Sizes and spacings"),
            picture(sizes_png(described.images), kind="png", alt="Sizes and spacings of the scans"),
            paragraph(sentence),
            paragraph(f"Sides of the patients that the axes x, y, z point to: {axes}."),
        ]
    )


def intensities(described: DescribedDataset) -> Html:
    """Show the intensities of each channel, subject by subject."""
    pieces = [_title("Intensities")]
    images = described.images
    for channel in described.channels if not images.empty else ():
        scans = images.loc[images[CHANNEL] == channel]
        if scans.empty:
            continue
        types = ", ".join(sorted(set(texts_of(scans, "type"))))
        unusual = sum(bool(mark) for mark in texts_of(scans, UNUSUAL))
        low, high = values_of(scans, "minimum").min(), values_of(scans, "maximum").max()
        sentence = (
            f"Stored as {types}; from {low:.5g} to {high:.5g}; medians from "
            f"{values_of(scans, 'median').min():.5g} to {values_of(scans, 'median').max():.5g}; "
            f"{unusual} unusual."
        )
        png = intensities_png(scans)
        pieces += [heading(channel), paragraph(sentence)]
        pieces.append(picture(png, kind="png", alt=f"Intensities of {channel}"))
    return join(pieces) if len(pieces) > 1 else join([])


def structures(described: DescribedDataset) -> Html:
    """Show how often each structure is there, and its volumes."""
    labels = described.labels
    if labels.empty:
        return join([])
    pieces = [_title("Structures"), _table(_structures_table(labels))]
    if values_of(labels, VOLUME_ML).max() > 0:
        pieces.append(picture(volumes_png(labels), kind="png", alt="Volumes of the structures"))
        pieces.append(paragraph("Black lines are medians; ids in red are unusual volumes."))
    return join(pieces)


def splits(described: DescribedDataset) -> Html:
    """Show whether the splits are alike: structures and their volumes, institutions."""
    labels = described.labels
    names = [str(split) for split in Split if split in described.splits.values()]
    if not names:
        return join([])
    pieces = [_title("Splits"), _table(_balance(labels, names))] if not labels.empty else []
    origins = [found.files.institution for found in described.facts]
    if len(set(origins)) > 1:
        pieces += [heading("Subjects by institution"), _table(_institutions(described, names))]
    return join(pieces)


def details(finding: Finding) -> Html:
    """Show the rows of a finding, folded away where they are many."""
    shown = TextTable(
        finding.table.columns,
        finding.table.rows[:MOST_ROWS],
        finding.table.word_columns,
        finding.table.marked,
    )
    title = Html(
        f'<h3 id="{_anchor(finding.title)}">{escape(finding.title)} ({finding.count})</h3>'
    )
    body = _table(shown)
    if finding.count > ROWS_OPEN:
        body = folded(f"Show {len(shown.rows)} of {finding.count} rows", body)
    return join([title, paragraph(finding.why), body])


def _title(text: str) -> Html:
    return Html(f"<h2>{escape(text)}</h2>")


def _anchor(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title.lower())


def _table(content: TextTable) -> Html:
    return table(
        content.columns, content.rows, word_columns=content.word_columns, marked=content.marked
    )


def _structures_table(labels: pd.DataFrame) -> TextTable:
    rows: list[tuple[str, ...]] = []
    for structure in dict.fromkeys(texts_of(labels, STRUCTURE)):
        of_it = labels.loc[labels[STRUCTURE] == structure]
        states = texts_of(of_it, STATE)
        volumes = values_of(of_it.loc[of_it[VOLUME_ML] > 0], VOLUME_ML)
        counts = (len(volumes), states.count(EMPTY), states.count(NO_ROW))
        rows.append((structure, *(str(count) for count in counts), *_spread_of(volumes)))
    heads = ("Structure", "Present", "Empty", "No row", "Median ml", "Least ml", "Most ml")
    return TextTable(heads, rows)


def _spread_of(volumes: np.ndarray) -> tuple[str, ...]:
    if not volumes.size:
        return (NO_SPLIT,) * 3
    return tuple(f"{value:.4g}" for value in (np.median(volumes), volumes.min(), volumes.max()))


def _balance(labels: pd.DataFrame, names: Sequence[str]) -> TextTable:
    rows: list[tuple[str, ...]] = []
    for structure in dict.fromkeys(texts_of(labels, STRUCTURE)):
        cells: list[str] = []
        for name in names:
            of_it = labels.loc[(labels[STRUCTURE] == structure) & (labels[SPLIT] == name)]
            volumes = values_of(of_it.loc[of_it[VOLUME_ML] > 0], VOLUME_ML)
            cells += [f"{len(volumes)} of {len(of_it)}", _spread_of(volumes)[0]]
        rows.append((structure, *cells))
    heads = [head for name in names for head in (f"{name}: present", "Median ml")]
    return TextTable(("Structure", *heads), rows)


def _institutions(described: DescribedDataset, names: Sequence[str]) -> TextTable:
    counts = Counter(
        (found.files.institution or NO_SPLIT, described.split_of(found.subject))
        for found in described.facts
    )
    totals: Counter[str] = Counter()
    for (institution, _), count in counts.items():
        totals[institution] += count
    rows = [
        (institution, *(str(counts[institution, split]) for split in names))
        for institution, _ in totals.most_common(MOST_INSTITUTIONS)
    ]
    return TextTable(("Institution", *names), rows)
