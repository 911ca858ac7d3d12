"""Who gets a node? The clusters, and jobs that wait until enough nodes are free."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Cluster:
    """A compute cluster; tests may change its state and put faults into its errors."""

    name: str
    max_nodes: int
    min_nodes: int = 0
    vm_size: str = "STANDARD_EMULATED"
    priority: str = "Dedicated"
    state: str = "Succeeded"
    allocation: str = "Steady"
    errors: list[dict[str, Any]] = field(default_factory=list)
    """Such as {"error": {"code": "ClusterCoreQuotaReached", "message": "..."}}."""
    used: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition, repr=False)

    def take(self, nodes: int, give_up: threading.Event) -> bool:
        """Wait for nodes, all at once; False when the job was cancelled meanwhile."""
        with self.changed:
            while self.max_nodes - self.used < nodes:
                if give_up.is_set():
                    return False
                self.changed.wait(0.05)
            self.used += nodes
            return True

    def give_back(self, nodes: int) -> None:
        """Leave nodes to the next job."""
        with self.changed:
            self.used -= nodes
            self.changed.notify_all()
