"""What does the search for outliers need?"""

from innereye.configs.fields.evaluation import OutlierFields
from innereye.configs.stages.settings import StageSettings


class OutlierSettings(OutlierFields, StageSettings):
    """Settings of the rule find_outliers."""
