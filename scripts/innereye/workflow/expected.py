"""Which files does a user expect a run to give?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innereye.configs.rules.evaluation import EXPECTED_FOLDERS
from innereye.errors import ConfigError

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def expected_files(plan: Plan) -> list[str]:
    """Return the files below regression_test_folder that results are compared with.

    Raises:
        ConfigError: there are none.
    """
    folder = plan.field("regression_test_folder")
    if folder is None:
        raise ConfigError(
            "compare_with_expected needs regression_test_folder=<folder with a folder OUTPUT>."
        )
    files = [path for name in EXPECTED_FOLDERS for path in (folder / name).rglob("*")]
    if not any(path.is_file() for path in files):
        raise ConfigError(f"regression_test_folder {folder} has no file below OUTPUT.")
    return sorted(str(path) for path in files if path.is_file())
