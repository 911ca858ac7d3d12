"""How does a notebook run on any machine, and come out with the same bytes each time?"""

import logging
import os
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets import Unicode
from traitlets.config import Config

import innereye
from innereye import errors
from innereye.io.files import atomic_write

logger = logging.getLogger(__name__)

KERNEL_NAME = "python3"
START_SECONDS = 120
SOCKET_PATH_LETTERS = 90
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": KERNEL_NAME},
    "language_info": {"name": "python"},
}


class OwnKernelManager(AsyncKernelManager):
    """Starts the running interpreter's own ipykernel, whatever kernels the user has installed.

    Connection file, history and profile go to `scratch`: nothing of the user's home is read or written.
    """

    scratch = Unicode(config=True)

    @property
    def kernel_spec(self) -> KernelSpec:
        """Describe the kernel: this interpreter, this library, no start-up files of the user."""
        library = str(Path(innereye.__file__).resolve().parents[1])
        paths = [library, *filter(None, [os.environ.get("PYTHONPATH", "")])]
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            env={
                "PYTHONPATH": os.pathsep.join(paths),
                "IPYTHONDIR": self.scratch,
                "MPLBACKEND": "agg",
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            },
        )


def make_notebook(parameters: str, cells: list[str]) -> NotebookNode:
    """Return a notebook: a cell of parameters, then the given cells; `#` begins a heading."""
    parameter_cell = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    others = [
        new_markdown_cell(text) if text.startswith("#") else new_code_cell(text) for text in cells
    ]
    return new_notebook(cells=[parameter_cell, *others], metadata=METADATA)


def execute(notebook: NotebookNode, *, parameters: dict[str, Any], folder: Path) -> NotebookNode:
    """Return the notebook as papermill executed it in `folder`, without times, versions and ids.

    Raises:
        InnerEyeError: a cell raised one; its sentence is kept.
    """
    with TemporaryDirectory() as scratch:
        settings = {"scratch": scratch, **_connection(Path(scratch))}
        # It tells of every step that it takes; the job's log says what came out.
        logging.getLogger("papermill").setLevel(logging.WARNING)
        try:
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters=parameters,
                kernel_name=KERNEL_NAME,
                progress_bar=False,
                start_timeout=START_SECONDS,
                cwd=str(folder),
                kernel_manager_class=OwnKernelManager,
                config=Config({"OwnKernelManager": settings}),
            )
        except PapermillExecutionError as error:
            kind = getattr(errors, error.ename, None)
            if isinstance(kind, type) and issubclass(kind, errors.InnerEyeError):
                raise kind(error.evalue) from None
            raise
    return _reproducible(executed)


def _connection(scratch: Path) -> dict[str, str]:
    """Return how to talk to the kernel: by sockets in a folder of ours, which nobody else can read."""
    sockets = str(scratch / "kernel")
    connection = {"connection_file": str(scratch / "kernel.json")}
    # Systems limit the path of a socket to about a hundred letters; beyond it, TCP on this machine.
    if hasattr(socket, "AF_UNIX") and len(sockets) < SOCKET_PATH_LETTERS:
        connection |= {"transport": "ipc", "ip": sockets}
    return connection


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook at once."""
    with atomic_write(path) as temporary:
        temporary.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _reproducible(executed: NotebookNode) -> NotebookNode:
    cells = [_reproducible_cell(cell, index) for index, cell in enumerate(executed.cells)]
    return new_notebook(cells=cells, metadata=METADATA)


def _reproducible_cell(cell: NotebookNode, index: int) -> NotebookNode:
    tags = cell.metadata.get("tags", [])
    cell.id = f"cell-{index:02d}"
    cell.metadata = NotebookNode({"tags": tags} if tags else {})
    if cell.cell_type == "code":
        for output in cell.outputs:
            if output.output_type == "stream":
                logger.warning("Cell %d of the report says: %s", index, output.text.strip())
        cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]
    return cell
