"""How is a figure drawn and stored, whatever the user's own matplotlib settings say?"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from innereye.io.files import atomic_write

BLUE = "#2b6ca3"
RED = "#b3261e"
GREY = "#5f6368"

HOUSE_STYLE: dict[Any, Any] = {
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the product's style inside the block; a matplotlibrc of the user has no say."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(HOUSE_STYLE)
        yield


def png_bytes(figure: Figure, dpi: int) -> bytes:
    """Return the figure as PNG without dates or versions: the same drawing gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def write_png(path: Path, png: bytes) -> None:
    """Write the bytes of a picture at once."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(png)
