"""Where are the tests of several runs written? The original's texts, and tables beside them."""

from collections.abc import Collection, Mapping
from pathlib import Path

from innereye.metrics.runs.runs_table import read_runs_table
from innereye.metrics.statistics.group_tests import group_tests, write_group_tests
from innereye.metrics.statistics.mann_whitney_text import (
    mann_whitney_lines,
    write_mann_whitney_text,
)
from innereye.metrics.statistics.paired_tests import paired_tests, write_paired_tests
from innereye.metrics.statistics.wilcoxon_text import wilcoxon_lines, write_wilcoxon_text


def write_statistics(
    table_csv: Path,
    *,
    mode: str,
    level: float,
    against: Collection[str],
    only_shared_subjects: bool,
    files: Mapping[str, Path],
) -> None:
    """Write the tests between runs, and where they are asked for those between institutions.

    `files`: `wilcoxon` and `paired_tests`, `mann_whitney` and `group_tests`, a text and a table each.
    `level` is the two-sided level of a verdict.
    """
    table = read_runs_table(table_csv)
    lines = wilcoxon_lines(table, subset=mode, against=against, threshold=level)
    write_wilcoxon_text(files["wilcoxon"], lines)
    tests = paired_tests(
        table,
        subset=mode,
        against=against,
        only_shared_subjects=only_shared_subjects,
        level=level,
    )
    write_paired_tests(files["paired_tests"], tests)
    if "mann_whitney" in files:
        write_mann_whitney_text(files["mann_whitney"], mann_whitney_lines(table, subset=mode))
        write_group_tests(files["group_tests"], group_tests(table, subset=mode, level=level))
