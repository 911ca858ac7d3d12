"""What does a model need to know to segment one scan elsewhere?"""

from innereye.configs.fields.structures import ContourFields
from innereye.configs.stages.segment import EnsembleSettings


class ScanSettings(ContourFields, EnsembleSettings):
    """Settings of the rule segment_scan, kept in the model folder."""
