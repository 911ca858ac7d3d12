"""What does the inference need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import EnsembleFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.inference import InferenceFields, PostProcessingFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.structures import StructureFields
from innereye.configs.fields.training import PaddingFields, ThreadFields
from innereye.configs.stages.settings import StageSettings


class SegmentSettings(
    DatasetFields,
    StructureFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    InferenceFields,
    PostProcessingFields,
    PaddingFields,
    ThreadFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule segment."""


class EnsembleSettings(EnsembleFields, SegmentSettings):
    """Settings of the rule segment for an ensemble; a single model takes the defaults."""
