"""What do the plots need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import PlotFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.stages.settings import StageSettings


class PlotSettings(DatasetFields, NormalisationFields, PlotFields, MachineFields, StageSettings):
    """Settings of the rules plot_metrics and draw_thumbnails."""
