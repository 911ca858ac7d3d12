"""Where does a model run? Fields that change no result, and so never cause a new training."""

from innereye.configs.fields.base import Fields
from innereye.configs.values import OptionalPath, WholeFromMinusOne, WholeFromZero


class MachineFields(Fields):
    """Places and sizes of the machine."""

    local_dataset: OptionalPath = None
    """Folder with the table and the images."""
    num_dataload_workers: WholeFromZero = 2
    """Processes that cut crops while the network trains; 0 cuts them in the training process."""
    max_num_gpus: WholeFromMinusOne = -1
    """0 keeps to the CPU; else a job takes one free GPU, training on a cluster as many of a node, -1 all."""
    autosave_every_n_val_epochs: WholeFromZero = 1
    """Epochs between two recovery checkpoints; 0 keeps none."""
