"""The published model of the prostate in planning CT: seven structures."""

from typing import Any

from innereye.configs.segmentation.ProstateBase import ProstateBase

DISPLAY_NAMES = {
    "external": "zz_External",
    "femur_r": "zz_Femur_R",
    "femur_l": "zz_Femur_L",
    "rectum": "zz_Rectum",
    "prostate": "zz_Prostate",
    "bladder": "zz_Bladder",
    "seminalvesicles": "zz_SeminalVesicles",
}
WITH_HOLES = "bladder"
IN_PIECES = "seminalvesicles"


class ProstatePaper(ProstateBase):
    """Seven structures around the prostate. It names no data set: pass local_dataset=... ."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"ground_truth_ids": list(DISPLAY_NAMES), **values})

    def structure_defaults(self) -> dict[str, Any]:
        """Return the names in other programs; the bladder keeps holes, the vesicles their pieces."""
        structures = self.ground_truth_ids
        return {
            **super().structure_defaults(),
            "ground_truth_ids_display_names": [
                DISPLAY_NAMES.get(name, f"zz_{name}") for name in structures
            ],
            "fill_holes": [name != WITH_HOLES for name in structures],
            "largest_connected_component_foreground_classes": [
                name for name in structures if name != IN_PIECES
            ],
        }
