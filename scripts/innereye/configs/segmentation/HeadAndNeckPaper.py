"""The published model of the head and neck in planning CT: 22 structures."""

from typing import Any

from innereye.configs.segmentation.HeadAndNeckBase import HeadAndNeckBase
from innereye.errors import ConfigError

STRUCTURES = (
    *("external", "parotid_l", "parotid_r", "smg_l", "smg_r", "spinal_cord", "brainstem"),
    *("globe_l", "globe_r", "mandible", "spc_muscle", "mpc_muscle", "cochlea_l", "cochlea_r"),
    *("lens_l", "lens_r", "optic_chiasm", "optic_nerve_l", "optic_nerve_r", "pituitary_gland"),
    *("lacrimal_gland_l", "lacrimal_gland_r"),
)
# Neighbours along Z that share no slice: the higher, the lower, and whether the higher takes all.
SLICE_EXCLUSION_RULES = (
    ("brainstem", "spinal_cord", False),
    ("spc_muscle", "mpc_muscle", False),
    ("optic_chiasm", "pituitary_gland", True),
)
# Pairs that together may win a voxel from the body around them.
SUMMED_PROBABILITY_RULES = (
    ("spinal_cord", "brainstem", "external"),
    ("mpc_muscle", "spc_muscle", "external"),
    ("optic_chiasm", "pituitary_gland", "external"),
)


class HeadAndNeckPaper(HeadAndNeckBase):
    """The first structures of 22 of the head and neck. It names no data set: pass local_dataset=... ."""

    def __init__(self, num_structures: int = len(STRUCTURES), **values: Any) -> None:
        if not 1 <= num_structures <= len(STRUCTURES):
            raise ConfigError(
                f"num_structures must lie between 1 and {len(STRUCTURES)}; got {num_structures}."
            )
        super().__init__(**{"ground_truth_ids": list(STRUCTURES[:num_structures]), **values})

    def structure_defaults(self) -> dict[str, Any]:
        """Return, beside the base's, the rules of which all structures are segmented."""
        known = set(self.ground_truth_ids)
        return {
            **super().structure_defaults(),
            "slice_exclusion_rules": [
                rule for rule in SLICE_EXCLUSION_RULES if set(rule[:2]) <= known
            ],
            "summed_probability_rules": [
                rule for rule in SUMMED_PROBABILITY_RULES if set(rule) <= known
            ],
        }
