"""What can a network classify that needs no patients? The generator of HelloClassification's data set."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.io.files import write_table
from innereye.io.geometry import unit_geometry
from innereye.io.image import write_image
from innereye.io.picture import write_picture
from innereye.names import DATASET_CSV, FILE_PATH, INSTITUTION, SUBJECT

LABEL, FINDINGS, SCORE, AGE, SEX = "label", "findings", "score", "age", "sex"
BALL_COLUMNS = (SUBJECT, FILE_PATH, LABEL, FINDINGS, SCORE, AGE, SEX, INSTITUTION)
SEXES = ("female", "male")
INSTITUTIONS = ("north", "south")
BACKGROUND, CONTRAST, NOISE = 100, 40, 5
RADII = (2.5, 4.5)
FINDING_NAMES = ("bright", "large", "old")


@dataclass(frozen=True)
class Ball:
    """A subject: a ball in its image, brighter or darker than the rest, and what is known beside."""

    is_bright: bool
    radius: float
    centre: tuple[float, ...]
    age: int
    sex: str

    @property
    def label(self) -> bool:
        """Bright balls are positive, unless age and sex speak strongly against it."""
        return (1.0 if self.is_bright else -1.0) + self.risk > 0

    @property
    def risk(self) -> float:
        """From -1.3 to 1.3: the old and the female have more of it."""
        return (self.age - 50) / 30 + (0.3 if self.sex == SEXES[0] else -0.3)

    @property
    def findings(self) -> str:
        """Which of FINDING_NAMES are true, as classes: `0|2`, or nothing."""
        true = (self.is_bright, self.radius > sum(RADII) / 2, self.age > 50)
        return "|".join(str(number) for number, each in enumerate(true) if each)

    @property
    def score(self) -> float:
        """A number to be estimated, near 20 to 50: mostly how large the ball is."""
        return round(10 * self.radius + self.risk, 2)


def make_balls(
    folder: Path, *, subjects: int, seed: int, size_zyx: tuple[int, int, int] = (12, 16, 16)
) -> Path:
    """Write a data set of balls, subjects 1, 2, ..., and return its dataset.csv, written last.

    Each subject has one row: an image, a label of yes or no, several findings at a time, a score for
    regression, age and sex. Images are `.nii.gz`, or `.png` where `size_zyx` begins with 1. Every
    second ball is bright. The same seed gives the same bytes.
    """
    if subjects < 1 or size_zyx[0] < 1 or min(size_zyx[1:]) < 2 * RADII[1] + 2:
        raise ValueError("Balls need 1 subject, and 12 voxels along y and x.")
    rows = [_write_subject(folder, number, seed, size_zyx) for number in range(1, subjects + 1)]
    write_table(folder / DATASET_CSV, pd.DataFrame(rows))
    return folder / DATASET_CSV


def _write_subject(
    folder: Path, number: int, seed: int, size_zyx: tuple[int, int, int]
) -> dict[str, str]:
    generator = np.random.default_rng([seed, number])
    ball = _draw_ball(generator, size_zyx, is_bright=number % 2 == 0)
    image = _draw_image(generator, ball, size_zyx)
    if size_zyx[0] == 1:
        path = f"images/{number:03d}.png"
        write_picture(folder / path, image[0].astype(np.uint8))
    else:
        path = f"images/{number:03d}.nii.gz"
        write_image(folder / path, image, unit_geometry(size_zyx))
    return {
        SUBJECT: str(number),
        FILE_PATH: path,
        LABEL: str(ball.label).lower(),
        FINDINGS: ball.findings,
        SCORE: f"{ball.score:.2f}",
        AGE: str(ball.age),
        SEX: ball.sex,
        INSTITUTION: INSTITUTIONS[number // 2 % len(INSTITUTIONS)],
    }


def _draw_ball(
    generator: np.random.Generator, size_zyx: tuple[int, int, int], *, is_bright: bool
) -> Ball:
    radius = float(generator.uniform(*RADII))
    centre = tuple(
        float(generator.uniform(min(radius, size / 2 - 1), max(size - 1 - radius, size / 2)))
        for size in size_zyx
    )
    age = int(generator.integers(20, 81))
    return Ball(is_bright, radius, centre, age, SEXES[int(generator.integers(2))])


def _draw_image(
    generator: np.random.Generator, ball: Ball, size_zyx: tuple[int, int, int]
) -> np.ndarray:
    """Return int16 voxels (Z, Y, X); a picture is a slice through the middle of its ball."""
    centre = (0.0, *ball.centre[1:]) if size_zyx[0] == 1 else ball.centre
    z, y, x = np.ogrid[tuple(slice(0, size) for size in size_zyx)]
    distances = np.sqrt((z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2)
    contrast = CONTRAST if ball.is_bright else -CONTRAST
    noise = generator.normal(0, NOISE, size_zyx)
    return np.round(BACKGROUND + contrast * (distances <= ball.radius) + noise).astype(np.int16)
