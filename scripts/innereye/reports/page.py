"""How does an executed notebook become one HTML file that needs no network?"""

from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from innereye.io.files import atomic_write
from innereye.reports.standalone_page import standalone_page


def write_page(path: Path, notebook: NotebookNode, *, title: str) -> None:
    """Write what the notebook shows, without its code, as one file; nothing is fetched by it.

    nbconvert's full templates load MathJax and RequireJS from the network, and bring 300 kB of
    style sheets; its `basic` one gives the bare contents, which get a page of our own.
    """
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _ = exporter.from_notebook_node(notebook)
    with atomic_write(path) as temporary:
        temporary.write_text(standalone_page(title, body), encoding="utf-8")
