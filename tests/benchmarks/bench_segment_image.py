"""How long does `snakemake segment_image` take for one small scan, and how much of it is torch's import?

Run `python tests/benchmarks/bench_segment_image.py` from the top folder. A scan of 35 x 50 x 35 voxels
of noise and a model folder of a ResidualUNet3D (the recommended network, untrained) are on disk. Rows:
the whole call, the program `score.py` of the model folder, and `import torch` alone; medians.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIZE_ZYX = (35, 50, 35)
ROUNDS = 3
LIMIT_S = 8.0
REPOSITORY = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_scan(folder / "scan.nii.gz")
        make_model(folder / "final_model")
        (folder / "got").mkdir()
        (folder / "config").symlink_to(REPOSITORY / "config")
        rows = {
            "snakemake segment_image": [
                *(sys.executable, "-m", "snakemake", "-s", str(REPOSITORY / "Snakefile"), "-c2"),
                *("segment_image", "--config", "image_file=scan.nii.gz"),
                *("local_model=final_model", "download_folder=got"),
            ],
            "score.py": [sys.executable, "final_model/score.py", "--image_files", "scan.nii.gz"],
            "import torch": [sys.executable, "-c", "import torch"],
        }
        for title, command in rows.items():
            print(f"{title:<26}{median_s(command, folder):6.2f} s")
        print(f"{'limit for the whole call':<26}{LIMIT_S:6.2f} s")


def make_scan(path: Path) -> None:
    """Write a scan of noise."""
    from innereye.io.image import Geometry, write_image

    voxels = np.random.default_rng(0).normal(100, 30, SIZE_ZYX).astype(np.float32)
    write_image(path, voxels, Geometry(SIZE_ZYX, (1.0, 1.0, 1.0)))


def make_model(folder: Path) -> None:
    """Package an untrained network with the settings of MSDHippocampus."""
    import torch

    from innereye.configs.segmentation.MSDHippocampus import MSDHippocampus
    from innereye.configs.stages.scan import ScanSettings
    from innereye.inference.checkpoint import build_network
    from innereye.inference.model_code import ModelCode
    from innereye.inference.model_folder import write_model_folder

    fields = MSDHippocampus().derive().settings(ScanSettings)
    network = build_network(ScanSettings(**fields))
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    checkpoint = folder.with_name("last.ckpt")
    torch.save({"epoch": 1, "state_dict": weights}, checkpoint)
    write_model_folder(
        folder,
        [checkpoint],
        code=ModelCode(None, folder.with_name("outputs"), project=folder.parent),
        model_name="MSDHippocampus",
        model_configs_namespace="innereye.configs",
        settings=json.dumps(fields, default=str),
    )


def median_s(command: list[str], folder: Path) -> float:
    """Return the median time of a command, which must succeed; the first call only warms up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    return statistics.median(times[1:])


if __name__ == "__main__":
    folders = [str(REPOSITORY / "scripts"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
    sys.path.insert(0, folders[0])
    main()
