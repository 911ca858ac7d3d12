"""What do the tests of scalar trainings share? A data set of balls."""

from pathlib import Path

import pytest

from scalar_models import write_balls


@pytest.fixture(scope="session")
def balls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a data set. Only to be read."""
    return write_balls(tmp_path_factory.mktemp("balls"))
