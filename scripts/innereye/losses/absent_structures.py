"""What does a loss see where nobody has outlined a structure? Its voxels may be background."""

import torch
from torch import Tensor

from innereye.losses.deep_supervision import Levels

# exp of it is 0 in float32, and a product with 0 stays a number, other than that of infinity.
NEVER = -1e4


def without_absent(output: Levels, has_structure: Tensor | None) -> Levels:
    """Return logits in which the structures that a sample lacks are part of its background.

    `output`: logits (B, 1 + S, Z, Y, X), or several of them; `has_structure`: bool (B, S), None where
    all are there. The posterior of the background becomes the sum of its own and theirs, and theirs
    becomes 0: a voxel without a label may be any of them, so none of them is punished there. This is
    the marginal loss of Shi et al. 2021 (doi.org/10.1016/j.media.2021.101979); it holds for every
    loss on logits.
    """
    if has_structure is None:
        return output
    if isinstance(output, Tensor):
        return _merged(output.float(), has_structure)
    return [_merged(logits.float(), has_structure) for logits in output]


def _merged(logits: Tensor, has_structure: Tensor) -> Tensor:
    known = has_structure.view(*has_structure.shape, *[1] * (logits.dim() - 2))
    structures = logits[:, 1:]
    absent = structures.masked_fill(known, -torch.inf)
    background = torch.logsumexp(torch.cat([logits[:, :1], absent], dim=1), dim=1, keepdim=True)
    return torch.cat([background, structures.masked_fill(~known, NEVER)], dim=1)
