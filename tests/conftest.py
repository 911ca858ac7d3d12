"""What holds for every test: no user-wide state, repeatable draws, one way to renew golden files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything imports matplotlib: no screen is needed anywhere.
os.environ["MPLBACKEND"] = "Agg"

# Slow machines must not fail a law by the clock; on a server the same examples come every time.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`, the one way to renew every file that a test compares with."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write generated and golden files anew instead of comparing; read the difference",
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether generated and golden files are to be written anew."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def _no_user_wide_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the user's profiles, caches and settings from every test and from what it starts."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "IPYTHONDIR"):
            patch.setenv(name, str(folder / name.lower()))
        for name in ("SNAKEMAKE_PROFILE", "SNAKEMAKE_OUTPUT_CACHE", "XDG_CONFIG_DIRS"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the top folder of the checkout."""
    return Path(__file__).resolve().parents[1]
