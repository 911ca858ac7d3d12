"""What does the export of a network need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.training import ThreadFields
from innereye.configs.stages.settings import StageSettings


class ExportSettings(
    DatasetFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    ThreadFields,
    StageSettings,
):
    """Settings of the rule export_network."""
