"""What does the check of a scalar model's data set need?"""

from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.scalar_data import ScalarDataFields, ScalarImageFields
from innereye.configs.fields.scalar_training import ScalarLossFields
from innereye.configs.stages.settings import StageSettings


class CheckItemsSettings(
    ScalarDataFields, ScalarImageFields, ScalarLossFields, MachineFields, StageSettings
):
    """Settings of the rule check_dataset for a scalar model."""
