"""What does the inference of a scalar model need?"""

from innereye.configs.fields.evaluation import EnsembleFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.scalar_data import ScalarImageFields
from innereye.configs.fields.scalar_network import ScalarNormalisationFields
from innereye.configs.fields.training import BatchFields, ThreadFields
from innereye.configs.scalar_shape import NetworkOfItems
from innereye.configs.stages.settings import StageSettings


class ClassifySettings(
    NetworkOfItems,
    ScalarImageFields,
    ScalarNormalisationFields,
    BatchFields,
    EnsembleFields,
    ThreadFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule classify."""
