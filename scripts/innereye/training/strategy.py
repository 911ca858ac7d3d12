"""How does Lightning train a network with several processes that have met already?"""

from typing import Any

from lightning_fabric.plugins.environments.cluster_environment import ClusterEnvironment
from pytorch_lightning.strategies import DDPStrategy

from innereye.training.place import Place


class KnownPlace(ClusterEnvironment):
    """Tells Lightning which process this is; no variable of a cluster is asked."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def creates_processes_externally(self) -> bool:
        """All processes are there."""
        return True

    @property
    def main_address(self) -> str:
        """Address of the first process."""
        return self._place.address

    @property
    def main_port(self) -> int:
        """Port of the first process."""
        return self._place.port

    @staticmethod
    def detect() -> bool:
        """Whether Lightning may choose this by itself."""
        return False

    def world_size(self) -> int:
        """Number of processes."""
        return self._place.size

    def set_world_size(self, size: int) -> None:
        """It is known."""

    def global_rank(self) -> int:
        """Number of this process among all."""
        return self._place.rank

    def set_global_rank(self, rank: int) -> None:
        """It is known."""

    def local_rank(self) -> int:
        """Number of this process on its node."""
        return self._place.local_rank

    def node_rank(self) -> int:
        """Number of the node."""
        return self._place.node


class EveryNodeWrites(DDPStrategy):
    """Gradients are averaged over all processes; the first one of each node writes checkpoints."""

    def _configure_launcher(self) -> None:
        """Start nothing: Lightning's launcher would also choose another number of threads."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], filepath: Any, storage_options: Any | None = None
    ) -> None:
        """Write a checkpoint on each node: the nodes share no disk."""
        if self.local_rank == 0:
            self.checkpoint_io.save_checkpoint(checkpoint, filepath, storage_options)
