"""Has an image the spacing that a model expects?"""

Spacing = tuple[float, float, float]

# 5 % of a spacing is beyond what scanners round, and less than the smallest zoom that we augment
# by. InnerEye's 0.1 mm would let pixels of 0.5 mm be a fifth too large.
EXPECTED_SPACING_TOLERANCE = 0.05


def spacing_fault(spacing_zyx_mm: Spacing, expected_xyz_mm: Spacing | None) -> str:
    """Return what is wrong with a spacing, without a full stop; nothing where none is expected."""
    if expected_xyz_mm is None:
        return ""
    z, y, x = spacing_zyx_mm
    found = (x, y, z)
    pairs = zip(found, expected_xyz_mm, strict=True)
    if all(abs(mm - wanted) <= EXPECTED_SPACING_TOLERANCE * wanted for mm, wanted in pairs):
        return ""
    return (
        f"the spacing (x, y, z) is {_words(found)} mm; dataset_expected_spacing_xyz is "
        f"{_words(expected_xyz_mm)} mm, give or take {EXPECTED_SPACING_TOLERANCE:.0%}. Mend the "
        "image, or set resample_spacing_zyx_mm to bring all images to one spacing"
    )


def _words(spacing: Spacing) -> str:
    return " x ".join(f"{mm:.4g}" for mm in spacing)
