"""What does the report need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import OutlierFields, ReportFields, ScoreFields
from innereye.configs.stages.settings import StageSettings


class ReportSettings(DatasetFields, ScoreFields, OutlierFields, ReportFields, StageSettings):
    """Settings of the rule report."""
