"""What does the report need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import OutlierFields, ReportFields, ScoreFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.stages.settings import StageSettings


class ReportSettings(
    DatasetFields,
    NormalisationFields,
    ScoreFields,
    OutlierFields,
    ReportFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule report."""
