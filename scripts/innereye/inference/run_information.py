"""Which data, structures and channels do results belong to? Small text files beside them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from innereye.io.files import atomic_write
from innereye.names import DATASET_ID_TXT, GROUND_TRUTH_IDS_TXT, IMAGE_CHANNEL_IDS_TXT


def write_run_information(
    *,
    output_folder: Path,
    dataset_id: str,
    ground_truth_ids: Sequence[str],
    image_channels: Sequence[str],
    dataset_csvs: Sequence[Path],
) -> None:
    """Write the three id files, one value per line, and copies of the data set's csv files.

    Args:
        output_folder: folder of the results.
        dataset_id: name of the data set on AzureML; empty for none, which gives an empty line.
        ground_truth_ids: the structures; the first has class index 1.
        image_channels: the channels in the order of the network.
        dataset_csvs: the run's dataset.csv and the csv files of its splits; each keeps its name.
    """
    for name, values in (
        (DATASET_ID_TXT, [dataset_id]),
        (GROUND_TRUTH_IDS_TXT, ground_truth_ids),
        (IMAGE_CHANNEL_IDS_TXT, image_channels),
    ):
        with atomic_write(output_folder / name) as temporary:
            lines = "".join(f"{value}\n" for value in values)
            temporary.write_text(lines, encoding="utf-8", newline="\n")
    for source in dataset_csvs:
        with atomic_write(output_folder / source.name) as temporary:
            shutil.copyfile(source, temporary)
