"""The comparison with expected files as a part of a run."""

import shutil
from collections.abc import Callable

import pytest

from projects import Project


def test_a_folder_without_expected_files_is_refused(project: Project) -> None:
    project.path("expected").mkdir()
    printed = project.fail("--dry-run", regression_test_folder="expected")
    assert "regression_test_folder expected has no folder OUTPUT" in printed


@pytest.mark.slow
def test_a_run_ends_with_the_comparison(
    finished: Project, copy_of: Callable[[Project], Project]
) -> None:
    run = copy_of(finished)
    names = ("epoch_002/Test/metrics.csv", "test_dataset.csv", "learning_curves.png")
    for name in names:
        expected = run.path("expected", "OUTPUT", name)
        expected.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(run.path("outputs", name), expected)
    run.succeed("--cores", "1", regression_test_folder="expected")
    text = run.path("outputs", "compare_with_expected.txt").read_text()
    assert text.startswith("3 files are as expected in expected:\n")
    assert all(name in text for name in names)

    metrics = run.path("expected", "OUTPUT", names[0])
    metrics.write_text(metrics.read_text().replace("Dice", "dice", 1))
    printed = run.fail("--cores", "1", regression_test_folder="expected")
    assert "1 of 3 files in outputs are not as expected:" in printed
    assert "epoch_002/Test/metrics.csv: row 1, column 'dice': expected 'dice'" in printed
    assert not run.path("outputs", "compare_with_expected.txt").exists()
