"""What is in a data set, and what in it deserves a look? Its report as a page and as tables."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from innereye.configs.stages.dataset_report import DatasetReportSettings
from innereye.data.cloud_listing import is_listed
from innereye.data.dataset_facts import read_dataset_facts
from innereye.data.extra_data import folders_in_use
from innereye.data.sheet import REQUIRED_COLUMNS, ChannelLists
from innereye.errors import DatasetError
from innereye.io.files import atomic_write, write_table
from innereye.reports import dataset_sections as sections
from innereye.reports.dataset_findings import findings_of
from innereye.reports.described_dataset import DescribedDataset
from innereye.reports.markup import Html, join
from innereye.reports.standalone_page import standalone_page

logger = logging.getLogger(__name__)

DIGITS = "{:.6g}"
IMAGES_NEEDED = (
    "The images of the data set are looked at on this machine; give their folder: --config "
    "local_dataset=<folder>."
)


@dataclass(frozen=True)
class ReportFiles:
    """Where the parts of the report are written."""

    html: Path
    statistics: Path
    labels: Path
    extremes: Path


def dataset_report(
    frame: pd.DataFrame,
    *,
    settings: DatasetReportSettings,
    splits: Mapping[str, str],
    facts: Sequence[tuple[str, str]],
    files: ReportFiles,
    workers: int,
) -> None:
    """Read every file of a data set once, and write its report.

    `splits` has the split of each subject, `facts` head the report. Faults of the data set are part of
    the report; only a table without subjects cannot be reported.

    Raises:
        DatasetError: the table lacks a column or rows, or the images are not on this machine.
    """
    folder = settings.local_dataset
    if folder is None or is_listed(folder):
        raise DatasetError(IMAGES_NEEDED)
    lists = ChannelLists(tuple(settings.image_channels), tuple(settings.ground_truth_ids))
    missing = [column for column in REQUIRED_COLUMNS if column not in frame]
    if missing or frame.empty:
        reason = f"no column {' and no column '.join(missing)}" if missing else "no rows"
        raise DatasetError(f"{folder / settings.dataset_csv} has {reason}.")
    found, row_faults = read_dataset_facts(
        frame, lists, root=folder, extra_folders=folders_in_use(settings), workers=workers
    )
    described = DescribedDataset(
        found,
        splits,
        row_faults,
        lists.images,
        lists.structures,
        settings.outlier_range,
        settings.dataset_expected_spacing_xyz,
        settings.check_exclusive,
        settings.allow_incomplete_labels,
    )
    write_report(described, facts=facts, files=files)


def write_report(
    described: DescribedDataset, *, facts: Sequence[tuple[str, str]], files: ReportFiles
) -> None:
    """Write the page, both tables, and InnerEye's table of extents; the same facts, the same bytes."""
    _write_numbers(files.statistics, described.images)
    _write_numbers(files.labels, described.labels)
    with atomic_write(files.extremes) as temporary:
        temporary.write_text(described.extremes_text(), encoding="utf-8", newline="\n")
    findings = findings_of(described)
    rows_of_findings = [sections.details(finding) for finding in findings]
    body = join(
        [
            Html("<h1>Data set report</h1>"),
            sections.header(described, facts),
            sections.overview(findings),
            sections.sizes(described),
            sections.intensities(described),
            sections.structures(described),
            sections.splits(described),
            *([Html("<h2>Findings in detail</h2>")] if findings else []),
            *rows_of_findings,
        ]
    )
    with atomic_write(files.html) as temporary:
        page = standalone_page("Data set report", body.text)
        temporary.write_text(page, encoding="utf-8", newline="\n")
    faults = sum(finding.count for finding in findings if finding.is_fault)
    logger.info("Reported %d subjects; %d faults.", len(described.facts), faults)


def _write_numbers(path: Path, frame: pd.DataFrame) -> None:
    """Write a table; numbers with six digits, those that are not known as empty cells."""
    texts = {
        name: [DIGITS.format(value) if not math.isnan(value) else "" for value in frame[name]]
        if pd.api.types.is_float_dtype(frame[name])
        else frame[name]
        for name in frame
    }
    write_table(path, pd.DataFrame(texts, columns=frame.columns))
