"""Do the sources of a run fit into a snapshot?"""

from pathlib import Path

from snakemake_executor_plugin_azureml.workspace import WorkspaceError

MEGABYTE = 1024 * 1024
MOST_BYTES = 300 * MEGABYTE
MOST_FILES = 2000
FILES_NAMED = 5


def require_room(sources: Path) -> None:
    """Check the size of the sources before anything is sent.

    Raises:
        WorkspaceError: they are more than the service takes.
    """
    sizes = _sizes(sources)
    if sum(sizes.values()) > MOST_BYTES or len(sizes) > MOST_FILES:
        raise WorkspaceError(too_large(sources))


def too_large(sources: Path) -> str:
    """Return the sentence for sources that are too large, with what is largest."""
    sizes = _sizes(sources)
    largest = sorted(sizes, key=lambda path: (-sizes[path], path))[:FILES_NAMED]
    named = ", ".join(f"{path} ({_megabytes(sizes[path])})" for path in largest)
    return (
        f"The sources of the run have {_megabytes(sum(sizes.values()))} in {len(sizes)} files; a "
        f"snapshot takes {MOST_BYTES // MEGABYTE} MB in {MOST_FILES} files. The largest are {named}. "
        "Data belongs into the data set, and what no job needs need not be tracked by git."
    )


def _sizes(sources: Path) -> dict[str, int]:
    """Return the size of each file, links followed as the client follows them."""
    return {
        path.relative_to(sources).as_posix(): path.stat().st_size
        for path in sources.rglob("*")
        if path.is_file()
    }


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
