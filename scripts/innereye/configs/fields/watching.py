"""What is noted while a network trains, for people who look for a fault or for lost time?"""

from typing import Annotated

from innereye.configs.fields.base import Fields
from innereye.configs.readers import choices_or_none, optional_choice_of
from innereye.configs.values import Bool, OptionalWholeFromZero, Whole, WholeFromZero
from innereye.names import Profiler


class WatchingFields(Fields):
    """What is noted while a network trains; it changes no result."""

    log_summaries_to_files: Bool = True
    """Write the layers of the network and their numbers of weights below the logs."""
    monitoring_interval_seconds: Whole = 0
    """Seconds between two looks at the load of CPU and GPU in training; 0 or less never looks."""
    monitor_gpu: Bool = False
    """Show the memory of the GPU, or the load of the CPU, in TensorBoard."""
    pl_profiler: Annotated[
        Profiler | None, optional_choice_of(Profiler), choices_or_none(Profiler)
    ] = None
    """Write below the logs how long the parts of the training take."""
    pl_progress_bar_refresh_rate: OptionalWholeFromZero = None
    """Steps between two updates of a progress bar of the training; None and 0 show none."""
    pl_num_sanity_val_steps: WholeFromZero = 0
    """Batches of Val to run before the training begins, so that a fault there shows at once."""
    detect_anomaly: Bool = False
    """Stop at the operation whose gradient is not a number; training is much slower."""
