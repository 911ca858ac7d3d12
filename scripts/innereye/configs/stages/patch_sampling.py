"""What do the pictures of drawn crops need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.fields.training import CropFields, PaddingFields, PatchSamplingFields
from innereye.configs.stages.settings import StageSettings


class PatchSamplingSettings(
    DatasetFields,
    ResamplingFields,
    NormalisationFields,
    CropFields,
    PaddingFields,
    PatchSamplingFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule show_patch_sampling."""
