"""What must be done before azureml-core is imported, so that it disturbs nobody?"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from snakemake_executor_plugin_azureml.git_state import read_git_state

logger = logging.getLogger(__name__)

# Read by azureml-core while it is imported. We repeat calls ourselves: it would sleep up to 224 s
# for one answer 429.
IMPORT_SETTINGS = {"AZUREML_DEFAULT_RETRIES": "0", "AZUREML_DEFAULT_BACKOFF": "1"}
REPOSITORY = "AZUREML_GIT_REPOSITORY_URI"


@cache
def load_client() -> None:
    """Import azureml-core; after this, functions may import from it freely."""
    # It calls logging.warning on the root logger, which would give the root logger a handler: every
    # message of Snakemake would then appear twice.
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())
    with _variables(IMPORT_SETTINGS):
        import azureml.core  # noqa: PLC0415  a second that other calls need not wait for
    _stay_in_working_directory()
    logger.info(
        "azureml-core %s (SDK v1) is past its support date, 30 June 2026. It works still; this "
        "executor uses it in one place only.",
        azureml.core.VERSION,
    )


def keep_remote_private() -> None:
    """State the checkout's remote for azureml-core, which would send a token that stands in it."""
    if not os.environ.get(REPOSITORY):
        os.environ[REPOSITORY] = read_git_state(Path.cwd()).repository or "unknown"


def _stay_in_working_directory() -> None:
    """Let azureml-core ask git from where we are.

    It would go into the folder of the sources meanwhile, and with it every thread of this process:
    Snakemake's, whose paths are relative, and those that move results to their places.
    """
    from azureml._base_sdk_common.tracking import (  # noqa: PLC0415
        global_tracking_info_registry as registry,
    )

    def gather(base_directory: str | None = None) -> dict[str, str]:
        del base_directory
        return {
            name: value
            for provider in registry.providers
            for name, value in provider.gather().items()
        }

    registry.gather_all = gather


@contextmanager
def _variables(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables that are not set, and take them back."""
    added = [name for name in values if name not in os.environ]
    os.environ.update({name: values[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
