"""What does the training of any model need? Batches, optimiser, epochs, machine."""

from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.optimizer import OptimizerFields
from innereye.configs.fields.training import BatchFields, ThreadFields, TrainerFields
from innereye.configs.stages.settings import StageSettings


class TrainingFields(
    BatchFields, OptimizerFields, TrainerFields, ThreadFields, MachineFields, StageSettings
):
    """What the trainings of all kinds of models have in common."""
