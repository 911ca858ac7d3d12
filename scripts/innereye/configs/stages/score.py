"""What do the scores need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import ScoreFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.stages.settings import StageSettings


class ScoreSettings(DatasetFields, ScoreFields, MachineFields, StageSettings):
    """Settings of the rule score."""
