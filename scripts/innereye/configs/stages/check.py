"""What does the check of a data set need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.stages.settings import StageSettings


class CheckSettings(DatasetFields, MachineFields, StageSettings):
    """Settings of the rule check_dataset."""
