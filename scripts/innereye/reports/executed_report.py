"""How do cells become a report? A notebook that ran in its run's folder, and a page of what it shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from innereye.errors import InnerEyeError, list_faults
from innereye.names import METRICS_CSV, Split, epoch_folder
from innereye.reports.notebook import execute, make_notebook, write_notebook
from innereye.reports.page import write_page

# The order of the sections: what was never looked at while choosing comes first.
SPLIT_TITLES = {
    Split.TEST: "Test set",
    Split.VAL: "Validation set",
    Split.TRAIN: "Training set",
}


def title_of(kind: str, facts: Mapping[str, str]) -> str:
    """Return such as `Segmentation report: Prostate`; the name is that of the fact `Model`."""
    return f"{kind} report: {facts['Model']}" if "Model" in facts else f"{kind} report"


def execute_cells(
    title: str, cells: Sequence[str], *, parameters: Mapping[str, Any], folder: Path
) -> NotebookNode:
    """Return the notebook of the cells below a title, as they ran in `folder`.

    `parameters` are plain values, which the cells find under their names.

    Raises:
        InnerEyeError: a cell raised one; its sentence is kept.
    """
    template = make_notebook(_defaults(parameters), [f"# {title}", *cells])
    return execute(template, parameters=dict(parameters), folder=folder)


def write_executed(executed: NotebookNode, title: str, *, notebook: Path, html: Path) -> None:
    """Write an executed notebook, and the page of what it shows."""
    write_notebook(notebook, executed)
    write_page(html, executed, title=title)


def require_scores(run_folder: Path, epoch: int, splits: Sequence[Split]) -> None:
    """Refuse to report an epoch without a metrics.csv for each split.

    Raises:
        InnerEyeError: all the files that are missing.
    """
    files = [run_folder / epoch_folder(epoch) / split / METRICS_CSV for split in splits]
    missing = [f"{file} does not exist" for file in files if not file.is_file()]
    if missing:
        raise InnerEyeError(list_faults("The report lacks scores; score these first:", missing))


def _defaults(parameters: Mapping[str, Any]) -> str:
    """Return the cell that papermill's parameters override: every name, with an empty value."""
    return "\n".join(f"{name} = {type(value)()!r}" for name, value in parameters.items())
