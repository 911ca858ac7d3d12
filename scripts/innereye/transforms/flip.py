"""Along which axes is a crop mirrored at random?"""

from collections.abc import Sequence

import numpy as np

AXES = ("z", "y", "x")


def draw_flip(
    generator: np.random.Generator,
    *,
    random_flip_axes: Sequence[str],
    augmentation_probability: float,
) -> tuple[int, ...]:
    """Return the axes (0 is Z, 1 Y, 2 X) of one crop: each of the named ones with a chance of half.

    This happens with the given probability. Always takes four numbers from the generator.
    """
    is_flipped = generator.random() < augmentation_probability
    halves = generator.random(len(AXES)) < 0.5
    chosen = [number for number, axis in enumerate(AXES) if axis in random_flip_axes]
    return tuple(axis for axis in chosen if is_flipped and halves[axis])
