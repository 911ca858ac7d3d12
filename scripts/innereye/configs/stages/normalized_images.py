"""What do the pictures of normalised images need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.stages.settings import StageSettings


class NormalizedImagesSettings(
    DatasetFields, NormalisationFields, ResamplingFields, MachineFields, StageSettings
):
    """Settings of the rule normalize_and_visualize_dataset."""
