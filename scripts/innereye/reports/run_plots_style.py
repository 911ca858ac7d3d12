"""How do pictures of many runs stay readable? Colours, long names and the room that they need."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib
from matplotlib.axes import Axes

from innereye.reports.figures import GREY, house_style

# Seven colours that people with any kind of colour vision tell apart: Okabe and Ito, Color
# Universal Design (2008), without their black, which the lines of the boxes have.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
TITLE_POINTS = 16
TICK_POINTS = 12
NOTE_POINTS = 10
# Mean width of a character of DejaVu Sans, as a share of the size of the font.
CHARACTER_WIDTH = 0.6
POINTS_PER_INCH = 72


@contextmanager
def run_plots_style() -> Iterator[None]:
    """Draw in the house's style inside the block; a name with `$` in it is a name, not a formula."""
    with house_style(), matplotlib.rc_context({"text.parse_math": False}):
        yield


def wrapped(name: str, characters: int) -> str:
    """Return a name in lines of at most so many characters, broken at blanks where there are any."""
    return textwrap.fill(name, characters, break_on_hyphens=False) or name


def inches_of(text: str, points: float) -> float:
    """Return about how wide a text is, in inch."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return longest * CHARACTER_WIDTH * points / POINTS_PER_INCH


def say(axes: Axes, sentence: str) -> None:
    """Write a sentence into the middle of a panel that has nothing to show."""
    axes.text(
        0.5,
        0.5,
        sentence,
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=GREY,
        fontsize=TITLE_POINTS,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 12},
    )
