"""How does a job get its settings and its log?"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from innereye.configs.stages.settings import StageSettings
from innereye.errors import InnerEyeError

INTERRUPTED = 130


Settings = TypeVar("Settings", bound=StageSettings)


def job_settings(kind: type[Settings], settings: str, machine: str = "{}") -> Settings:
    """Return the settings of a stage from the two texts that its rule passes on."""
    return kind(**json.loads(settings), **json.loads(machine))


@contextmanager
def job_log(path: str | Path, *mistakes: type[Exception]) -> Iterator[None]:
    """Send log messages to the job's log file and to the terminal.

    A mistake of the user ends the job with its sentence, without a traceback; Ctrl-C likewise.
    `mistakes` are further errors that say in a sentence what the user can do.
    """
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    handlers = [logging.FileHandler(file, mode="w"), logging.StreamHandler(sys.stderr)]
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=handlers, force=True)
    try:
        yield
    except (InnerEyeError, *mistakes) as error:
        logging.getLogger(__name__).error("%s", error)
        sys.exit(1)
    except OSError as error:
        # A full disk or a folder without permission is mended by the user, not by us.
        place = f": {error.filename}" if error.filename else ""
        logging.getLogger(__name__).error("%s%s", error.strerror or error, place)
        sys.exit(1)
    except KeyboardInterrupt:
        logging.getLogger(__name__).error("Interrupted; the same command continues.")
        sys.exit(INTERRUPTED)
    except Exception:
        logging.getLogger(__name__).exception("The job failed.")
        sys.exit(1)
