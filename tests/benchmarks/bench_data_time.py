"""How long does a training step wait for its data? Crops of CT-like images, on two CPU cores.

Run `python tests/benchmarks/bench_data_time.py` from the top folder. Six phantoms of 150 x 256 x 256
voxels are written as NIfTI, prepared and trained on for two epochs with crops of 64 x 96 x 96.
"""

import argparse
import logging
import re
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.configs.stages.train import TrainSettings
from innereye.io.files import write_table
from innereye.io.image import Geometry, write_image
from innereye.names import CHANNEL, FILE_PATH, SUBJECT
from innereye.training.train import train

SHAPE = (150, 256, 256)
STRUCTURES = {"liver": ((75, 130, 90), 40), "spleen": ((90, 150, 190), 20)}
NUM_SUBJECTS = 6
LIMIT_SHARE = 0.10
FIELDS = {
    "image_channels": ["ct"],
    "ground_truth_ids": list(STRUCTURES),
    "architecture": "UNet3D",
    "feature_channels": [16],
    "num_downsampling_paths": 3,
    "crop_size": (64, 96, 96),
    "train_batch_size": 2,
    "num_epochs": 2,
    "num_dataload_workers": 2,
    "num_cpu_threads": 2,
    "max_num_gpus": 0,
    "random_rotation_degrees": (15, 15, 15),
    "random_scaling": (0.85, 1.15),
    "random_noise_std": 0.03,
}


def write_phantoms(folder: Path) -> Path:
    """Write the images and return the table that lists them."""
    rows = []
    z, y, x = np.ogrid[tuple(slice(size) for size in SHAPE)]
    for number in range(NUM_SUBJECTS):
        noise = np.random.default_rng(number).normal(-20, 30, SHAPE)
        volumes = {"ct": noise.astype(np.int16)}
        for name, ((cz, cy, cx), radius) in STRUCTURES.items():
            inside = 9 * (z - cz) ** 2 + (y - cy) ** 2 + (x - cx - number) ** 2 < radius**2
            volumes[name] = inside.astype(np.uint8)
            volumes["ct"][inside] += 100
        for channel, array in volumes.items():
            path = f"{number}/{channel}.nii.gz"
            write_image(folder / path, array, Geometry(SHAPE, (3.0, 1.0, 1.0)))
            rows.append((str(number), path, channel))
    write_table(folder / "train.csv", pd.DataFrame(rows, columns=[SUBJECT, FILE_PATH, CHANNEL]))
    return folder / "train.csv"


def measure(folder: Path) -> list[str]:
    """Return the lines of the training's log."""
    train_csv = write_phantoms(folder)
    val_csv = folder / "val.csv"
    write_table(val_csv, pd.read_csv(train_csv, dtype=str)[:0])
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logging.getLogger("innereye").addHandler(handler)
    logging.getLogger("innereye").setLevel(logging.INFO)
    train(
        train_csv=train_csv,
        val_csv=val_csv,
        run_folder=folder / "run",
        log_folder=folder / "logs",
        fold=-1,
        settings=TrainSettings(**FIELDS, local_dataset=folder),
        fingerprint="benchmark",
    )
    return lines


def main() -> None:
    """Print the log of the training and the share of each epoch."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(Path(folder))
    shares = [
        int(found[1]) / 100 for line in lines if (found := re.search(r"\((\d+)% waiting", line))
    ]
    print("\n".join(lines))
    print(f"\n| epoch | waiting for data | limit {LIMIT_SHARE:.0%} |\n|---|---|---|")
    for epoch, share in enumerate(shares, start=1):
        print(f"| {epoch} | {share:.0%} | {'ok' if share < LIMIT_SHARE else 'MISSED'} |")
    print(f"\nwhole benchmark: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
