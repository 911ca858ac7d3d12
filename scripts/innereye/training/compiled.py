"""Can the network be compiled for this machine?"""

import logging

import torch
from torch import nn

logger = logging.getLogger(__name__)


def compile_network(network: nn.Module, device: torch.device) -> bool:
    """Let torch compile the network when it is first used; say so in the log where it cannot.

    The weights keep their names. Each size of a batch is compiled for itself: there are few. Returns
    whether the network will be compiled.
    """
    fault = compiler_fault(device)
    if fault:
        logger.warning(
            "use_torch_compile has no effect: torch cannot compile for this %s (%s).",
            "GPU" if device.type == "cuda" else "CPU",
            fault,
        )
        return False
    logger.info("The network is compiled in the first steps, which therefore take longer.")
    network.compile(dynamic=False)
    return True


def compiler_fault(device: torch.device) -> str:
    """Return why torch cannot compile for a device, in one line; no text where it can.

    A small function is compiled: compilers may be missing, too old, or without headers.
    """
    try:
        torch.compile(_twice)(torch.ones(8, device=device))
    except Exception as error:  # noqa: BLE001  whatever a compiler raises means that there is none
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return lines[0].rstrip(".")
    return ""


def _twice(values: torch.Tensor) -> torch.Tensor:
    return values * 2 + 1
