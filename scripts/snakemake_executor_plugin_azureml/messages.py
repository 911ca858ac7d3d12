"""How do the messages of this package reach the terminal? Through Snakemake's logger."""

import logging
from typing import Any

PACKAGE = "snakemake_executor_plugin_azureml"


class Forwarder(logging.Handler):
    """Hands messages on to Snakemake's logger."""

    def __init__(self, logger: Any) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on one message."""
        self._logger.log(record.levelno, record.getMessage())


def hand_messages_to(logger: Any) -> None:
    """Let all modules of this package speak through a logger, once."""
    ours = logging.getLogger(PACKAGE)
    ours.handlers = [Forwarder(logger)]
    ours.setLevel(logging.INFO)
    ours.propagate = False
