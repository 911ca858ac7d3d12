"""How is a network written as ONNX or TorchScript, and how is such a file run?"""

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from innereye.architectures import NetworkSizes, Size
from innereye.errors import ExportError
from innereye.names import ExportFormat

Run = Callable[[Tensor], Tensor]

INPUT_NAME = "image"
OUTPUT_NAME = "posteriors"
# Old enough for programs of 2024 on, and new enough for all operations of the networks.
ONNX_OPSET = 20
TALKERS = ("torch.onnx", "onnxscript", "onnx_ir")
LIBRARIES: dict[ExportFormat, tuple[str, ...]] = {
    ExportFormat.ONNX: ("torch", "onnx", "onnxscript", "onnxruntime"),
    ExportFormat.TORCHSCRIPT: ("torch",),
}


def write_network(
    network: nn.Module,
    path: Path,
    *,
    export_format: ExportFormat,
    sizes: NetworkSizes,
    channels: int,
) -> None:
    """Write a portable network; the file takes batches of any length and images of all legal sizes.

    Raises:
        ExportError: a library that the format needs is not installed.
    """
    require_libraries(export_format)
    z, y, x = _example_size(sizes)
    images = torch.zeros(2, channels, z, y, x)
    with torch.no_grad(), _without_notices():
        if export_format == ExportFormat.TORCHSCRIPT:
            # The trace is compared with the network later on, on sizes that it has not seen.
            torch.jit.save(torch.jit.trace(network, images, check_trace=False), path)
        else:
            _write_onnx(network, images, path, sizes)


def run_network(path: Path, *, export_format: ExportFormat, threads: int) -> Run:
    """Return what a file computes, on the CPU: images (B, C, Z, Y, X) to posteriors (B, K, ...)."""
    require_libraries(export_format)
    if export_format == ExportFormat.TORCHSCRIPT:
        with _without_notices():
            return torch.jit.load(path, map_location="cpu")
    # Newer versions report to their maker over the network; nothing of a patient's model may leave.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415  # not everybody has it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path, options, providers=providers)

    def run(images: Tensor) -> Tensor:
        (posteriors,) = session.run([OUTPUT_NAME], {INPUT_NAME: images.numpy()})
        return torch.from_numpy(posteriors)

    return run


def require_libraries(export_format: ExportFormat) -> None:
    """Refuse a format whose libraries are not installed.

    Raises:
        ExportError: which ones, and how they are installed.
    """
    missing = [name for name in LIBRARIES[export_format] if find_spec(name) is None]
    if missing:
        raise ExportError(
            f"A network as {export_format} needs {' and '.join(missing)}, not installed here: "
            f"pip install {' '.join(missing)}."
        )


def library_versions(export_format: ExportFormat) -> dict[str, str]:
    """Return the versions of the libraries that write and check a format."""
    return {name: version(name) for name in LIBRARIES[export_format]}


def _write_onnx(network: nn.Module, images: Tensor, path: Path, sizes: NetworkSizes) -> None:
    program = torch.onnx.export(
        network,
        (images,),
        dynamo=True,
        verbose=False,
        opset_version=ONNX_OPSET,
        input_names=[INPUT_NAME],
        output_names=[OUTPUT_NAME],
        dynamic_shapes=(_dynamic_axes(sizes),),
    )
    if program is None:
        raise TypeError("torch.onnx.export has returned no program.")
    # Notes on how the graph was drawn name the folders of this machine, and differ from call to call.
    for part in (program.model, program.model.graph, *program.model.graph.all_nodes()):
        part.metadata_props.clear()
    program.save(path)


def _example_size(sizes: NetworkSizes) -> Size:
    """Return a small legal size (Z, Y, X) with another number of steps along each axis.

    An axis of a single step is none: torch takes a length of 1 for fixed.
    """
    z, y, x = _with_steps(sizes, (1, 2, 3))
    return z, y, x


def _with_steps(sizes: NetworkSizes, steps: Sequence[int]) -> list[int]:
    rows = zip(sizes.minimum, sizes.multiple, steps, strict=True)
    return [least + multiple * count for least, multiple, count in rows]


def _dynamic_axes(sizes: NetworkSizes) -> dict[int, object]:
    """Return which axes of (B, C, Z, Y, X) vary: all but the channels, and space in legal steps.

    Bounds hold while torch draws the graph, and are not written.
    """
    axes: dict[int, object] = {0: torch.export.Dim("batch")}
    rows = zip("zyx", sizes.minimum, sizes.multiple, strict=True)
    for axis, (name, least, multiple) in enumerate(rows, start=2):
        if multiple == 1:
            axes[axis] = torch.export.Dim(name, min=least + 1)
        else:
            axes[axis] = multiple * torch.export.Dim(f"{name}_steps", min=2)
    return axes


@contextmanager
def _without_notices() -> Iterator[None]:
    """Keep what libraries say of themselves from the log of a job.

    torch 2.13 calls TorchScript deprecated and goes on writing it; it misses a torchvision that no
    network of ours uses; and its own code asks for a class in an old way.
    """
    talkers = [logging.getLogger(name) for name in TALKERS]
    levels = [talker.level for talker in talkers]
    for talker in talkers:
        talker.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"`torch\.jit\.", DeprecationWarning)
            warnings.filterwarnings("ignore", r"`isinstance\(treespec", FutureWarning)
            yield
    finally:
        for talker, level in zip(talkers, levels, strict=True):
            talker.setLevel(level)
