"""Where does a model run? Fields that change no result, and so never cause a new training."""

from typing import Annotated

from innereye.configs.fields.extra_data import ExtraFolderFields
from innereye.configs.fields.geometry import ExpectedSpacingFields
from innereye.configs.fields.watching import WatchingFields
from innereye.configs.readers import choice_of, choices
from innereye.configs.values import Bool, OptionalPath, WholeFromMinusOne, WholeFromZero
from innereye.names import StartMethod


class MachineFields(ExtraFolderFields, ExpectedSpacingFields, WatchingFields):
    """Places and sizes of the machine."""

    local_dataset: OptionalPath = None
    """Folder with the table and the images."""
    num_dataload_workers: WholeFromZero = 2
    """Processes that cut crops while the network trains; 0 cuts them in the training process."""
    max_num_gpus: WholeFromMinusOne = -1
    """0 keeps to the CPU; else a job takes one free GPU, training on a cluster as many of a node, -1 all."""
    autosave_every_n_val_epochs: WholeFromZero = 1
    """Epochs between two recovery checkpoints; 0 keeps none."""
    pin_memory: Bool = True
    """Keep batches where a GPU can fetch them faster; without a GPU it does nothing."""
    multiprocessing_start_method: Annotated[
        StartMethod, choice_of(StartMethod), choices(StartMethod)
    ] = StartMethod.FORK
    """How the processes that cut crops are started."""
    pl_find_unused_parameters: Bool = False
    """Let several GPUs train a network of which a step may leave weights unused."""
