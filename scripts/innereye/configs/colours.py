"""Which colours do structures have when nobody has chosen them?"""

import random

BRIGHTEST = 255


def drawn_colours(count: int, *, seed: int = 0) -> list[tuple[int, int, int]]:
    """Return colours (red, green, blue), 0 to 255, drawn by a generator of their own.

    The draws are InnerEye's: red, green, blue of one structure after the other, from Python's
    generator. The same seed gives the same colours however often they are drawn.
    """
    generator = random.Random(seed)  # the original's own draws
    return [
        (
            generator.randint(0, BRIGHTEST),
            generator.randint(0, BRIGHTEST),
            generator.randint(0, BRIGHTEST),
        )
        for _ in range(count)
    ]
