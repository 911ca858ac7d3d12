"""What does the report on a data set need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import OutlierFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.stages.settings import StageSettings


class DatasetReportSettings(DatasetFields, OutlierFields, MachineFields, StageSettings):
    """Settings of the rule dataset_report."""
