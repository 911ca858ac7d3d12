"""Which of the processes that train one network together is this one?"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from innereye.errors import InnerEyeError

# Set for the processes of a node's further GPUs, by the one that starts them. A name of our own:
# clusters set RANK and LOCAL_RANK in jobs that train alone, too.
PLACE = "INNEREYE_TRAINING_PROCESS"
# Stated by the cluster on each node.
NODE, ADDRESS, PORT = "NODE_RANK", "MASTER_ADDR", "MASTER_PORT"


@dataclass(frozen=True)
class Place:
    """A process among all: `per_node` processes on each node, which meet at `address`:`port`."""

    node: int = 0
    num_nodes: int = 1
    local_rank: int = 0
    per_node: int = 1
    address: str = "127.0.0.1"
    port: int = 0

    @property
    def rank(self) -> int:
        """Number of the process among all, from 0."""
        return self.node * self.per_node + self.local_rank

    @property
    def size(self) -> int:
        """Number of all processes."""
        return self.num_nodes * self.per_node

    @property
    def leads_node(self) -> bool:
        """Is it the process that writes the files of its node?"""
        return self.local_rank == 0

    @property
    def leads_all(self) -> bool:
        """Is it the process at whose address all meet?"""
        return self.rank == 0

    def followers(self, port: int) -> list["Place"]:
        """Return the places of the node's further processes."""
        return [replace(self, local_rank=rank, port=port) for rank in range(1, self.per_node)]

    def variables(self) -> dict[str, str]:
        """Return the environment that tells a process that this is its place."""
        return {PLACE: json.dumps(asdict(self))}


def is_follower(environ: Mapping[str, str]) -> bool:
    """Was this process started for a further GPU of a node that another process leads?"""
    return PLACE in environ


def place_of_follower(environ: Mapping[str, str]) -> Place:
    """Return the place that the leader of the node has given."""
    return Place(**json.loads(environ[PLACE]))


def place_of_leader(environ: Mapping[str, str], *, num_nodes: int, per_node: int) -> Place:
    """Return the place of a node's first process.

    The cluster's variables count only where several nodes were asked for.

    Raises:
        InnerEyeError: the cluster does not say which node this is, or has other nodes.
    """
    if num_nodes == 1:
        return Place(per_node=per_node)
    missing = [name for name in (NODE, ADDRESS, PORT) if not environ.get(name, "").strip()]
    if missing:
        raise InnerEyeError(
            f"num_nodes is {num_nodes}, but {' and '.join(missing)} are not set: this job does not run on "
            "a cluster. Training on several machines needs --profile azureml; here, leave num_nodes at 1."
        )
    node, port = environ[NODE], environ[PORT]
    if not (node.isdecimal() and int(node) < num_nodes and port.isdecimal()):
        raise InnerEyeError(
            f"The cluster says {NODE}={node} and {PORT}={port}; with num_nodes={num_nodes} the nodes are "
            f"0 to {num_nodes - 1}, and a port is a whole number."
        )
    return Place(int(node), num_nodes, 0, per_node, environ[ADDRESS], int(port))
