"""What does the report on a scalar model need?"""

from innereye.configs.fields.evaluation import ReportFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.configs.stages.settings import StageSettings


class ScalarReportSettings(ScalarDataFields, ReportFields, MachineFields, StageSettings):
    """Settings of the rule report for a scalar model."""
