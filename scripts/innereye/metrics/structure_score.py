"""What is measured of one structure of one subject?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class StructureScore:
    """Measures of one structure of one subject; NaN where there is nothing to measure."""

    subject: str
    structure: str
    dice: float
    hausdorff_mm: float
    mean_distance_mm: float
    hausdorff_95_mm: float
    surface_dice: float
