"""Which spacings may images have, and to which are they brought?"""

from innereye.configs.fields.base import Fields
from innereye.configs.values import OptionalSpacing, OptionalSpacingXyz


class ExpectedSpacingFields(Fields):
    """What the spacing of an image must be; it changes no result, but refuses images."""

    dataset_expected_spacing_xyz: OptionalSpacingXyz = None
    """Spacing in mm (x,y,z) that all images must have, give or take 5 %, unless they are resampled."""


class ResamplingFields(Fields):
    """To which spacing images are brought before a network sees them."""

    resample_spacing_zyx_mm: OptionalSpacing = None
    """Spacing in mm (z,y,x) to which images are resampled; results lie in each image's own geometry."""
