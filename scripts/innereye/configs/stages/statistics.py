"""What does the comparison of runs need?"""

from innereye.configs.fields.evaluation import StatisticsFields
from innereye.configs.stages.settings import StageSettings


class StatisticsSettings(StatisticsFields, StageSettings):
    """Settings of the rules that compare runs."""
