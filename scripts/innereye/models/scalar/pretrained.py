"""Which weights of a checkpoint belong to an encoder?"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from innereye.errors import CheckpointError

SHOWN = 3
COLOURS = 3


def load_encoder(encoder: nn.Module, content: Mapping[str, Any], *, source: str) -> None:
    """Copy the weights of an encoder from a checkpoint, whatever the name of the part that holds it.

    `content` maps names to weights, perhaps below `state_dict`; they may all stand behind a prefix,
    such as `encoder.` or `module.encoder.`, and further weights (a classifier, a projection) stay
    out. Weights for images in colours serve grey ones, which are the same in all three channels.
    `source` names the checkpoint in a sentence.

    Raises:
        CheckpointError: weights are missing, or have other shapes.
    """
    weights = content.get("state_dict", content)
    wanted = encoder.state_dict()
    prefix = _prefix(weights, wanted)
    found = {name: _for_grey(weights.get(prefix + name), wanted[name]) for name in wanted}
    faults = [
        f"{prefix}{name} ({_what(found[name])} instead of {_what(value)})"
        for name, value in wanted.items()
        if not _is_given(found[name], value, name)
    ]
    if faults:
        rest = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise CheckpointError(
            f"{source} does not hold the weights of {type(encoder).__name__}: "
            f"{', '.join(faults[:SHOWN])}{rest}."
        )
    given = {name: value for name, value in found.items() if value is not None}
    encoder.load_state_dict(given, strict=False)


def _prefix(weights: Mapping[str, Any], wanted: Mapping[str, Tensor]) -> str:
    """Return the prefix behind which most of the wanted names stand; the first, where several do."""
    first = next(iter(wanted))
    prefixes = [name.removesuffix(first) for name in weights if f".{name}".endswith(f".{first}")]
    counts = {each: sum(each + name in weights for name in wanted) for each in prefixes}
    return max(counts, key=lambda each: counts[each], default="")


def _for_grey(found: Any, wanted: Tensor) -> Any:
    """Return the weights of a convolution of three channels, added up where one is wanted."""
    is_of_colours = isinstance(found, Tensor) and found.ndim == wanted.ndim > 1
    if not is_of_colours or found.shape[1] != COLOURS or wanted.shape[1] != 1:
        return found
    return found.sum(dim=1, keepdim=True)


def _is_given(found: object, wanted: Tensor, name: str) -> bool:
    # A counter of batches that old checkpoints lack; nothing depends on it.
    if found is None and name.endswith("num_batches_tracked"):
        return True
    return isinstance(found, Tensor) and found.shape == wanted.shape


def _what(value: object) -> str:
    return f"size {tuple(value.shape)}" if isinstance(value, Tensor) else "nothing"
