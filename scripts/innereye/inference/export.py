"""How does a trained network get into other programs? As a file that is checked before it has its name."""

import logging
from pathlib import Path

import torch
from torch import nn

from innereye.architectures import NetworkSizes, Size, sizes_of
from innereye.configs.stages.export import ExportSettings
from innereye.inference.checkpoint import load_network
from innereye.inference.export_check import Compared, compare
from innereye.inference.export_description import file_facts, model_facts, write_description
from innereye.inference.export_formats import run_network, write_network
from innereye.io.files import atomic_write
from innereye.models.portable import portable
from innereye.names import ExportFormat

logger = logging.getLogger(__name__)


def export_network(
    *,
    checkpoint: Path,
    settings: ExportSettings,
    window: Size,
    model_name: str,
    export_format: ExportFormat,
    file: Path,
    description: Path,
) -> None:
    """Write the network of a checkpoint in one format, and what another program must know of it.

    `window` (Z, Y, X) is the size that the network is used with. The file is run and compared with the
    network before it gets its name; the description comes last.

    Raises:
        InnerEyeError: the checkpoint is not the model's, a library is missing, or the file computes
            something else; neither file is there then.
    """
    torch.set_num_threads(settings.num_cpu_threads)
    network = load_network(checkpoint, settings)
    file.unlink(missing_ok=True)
    description.unlink(missing_ok=True)
    with atomic_write(file) as temporary:
        checked = _write_checked(network, temporary, export_format, settings, window)
    facts = model_facts(settings, _sizes(settings), checkpoint, model_name)
    write_description(description, facts, [file_facts(file, export_format, checked)])
    largest = max(each.largest_difference for each in checked)
    logger.info("Wrote %s; its posteriors differ by at most %.2g.", file, largest)


def _write_checked(
    network: nn.Module,
    path: Path,
    export_format: ExportFormat,
    settings: ExportSettings,
    window: Size,
) -> list[Compared]:
    sizes, channels = _sizes(settings), len(settings.image_channels)
    write_network(
        portable(network), path, export_format=export_format, sizes=sizes, channels=channels
    )
    return compare(
        network,
        run_network(path, export_format=export_format, threads=settings.num_cpu_threads),
        sizes=sizes,
        channels=channels,
        window=window,
        output_range=settings.output_range,
    )


def _sizes(settings: ExportSettings) -> NetworkSizes:
    return sizes_of(
        settings.architecture,
        kernel_size=settings.kernel_size,
        num_downsampling_paths=settings.num_downsampling_paths,
    )
