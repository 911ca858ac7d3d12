"""Which data set is made for a model that is to be tried? Phantoms to segment, or balls to classify."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innereye.data.phantoms import PhantomSet, make_phantoms
from innereye.data.scalar.balls import make_balls

# A scalar model needs more subjects than a segmentation does: each gives it one label.
BALLS_FOR_A_PHANTOM = 4


def make_data_set(folder: Path, *, subjects: int, seed: int, content: Mapping[str, Any]) -> None:
    """Write a data set: balls of a size where `content` states one, else phantoms of its structures."""
    if "size_zyx" in content:
        number = subjects * BALLS_FOR_A_PHANTOM
        make_balls(folder, subjects=number, seed=seed, size_zyx=tuple(content["size_zyx"]))
    else:
        make_phantoms(folder, subjects=subjects, seed=seed, content=PhantomSet(**content))
