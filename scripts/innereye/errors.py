"""Which errors can a user mend? Their sentences say what and where, what came, and what is allowed."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

FAULTS_SHOWN = 20


class InnerEyeError(Exception):
    """A mistake that the user can mend; shown as its sentence, without a traceback."""


class ConfigError(InnerEyeError):
    """A field, a model class or a setting is wrong."""


class DatasetError(InnerEyeError):
    """dataset.csv or the files that it names are wrong."""


class ImageError(InnerEyeError):
    """A volume cannot be read, or its contents cannot be used."""


class DownloadError(InnerEyeError):
    """A file on a web server cannot be fetched, or is not the one that was meant."""


class CheckpointError(InnerEyeError):
    """A checkpoint is missing, damaged, or belongs to another model."""


class ArchiveError(InnerEyeError):
    """A zip or tar file cannot be unpacked, or must not be."""


class ExportError(InnerEyeError):
    """A network cannot be written for other programs, or its file computes something else."""


def list_faults(title: str, faults: Sequence[str], shown: int = FAULTS_SHOWN) -> str:
    """Return one message with all faults: the first `shown` of them line by line, the rest counted."""
    lines = [title, *(f"  - {fault}" for fault in faults[:shown])]
    if len(faults) > shown:
        lines.append(f"  ... and {len(faults) - shown} more")
    return "\n".join(lines)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` with the nearest of the known names, or nothing when none is near."""
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{nearest[0]}'?" if nearest else ""
