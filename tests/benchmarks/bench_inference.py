"""How much memory does inference take, and how much time beside the network? A scan of 512 x 512 x 400.

Run `python tests/benchmarks/bench_inference.py` from the top folder. For each number of structures a
process of its own segments one synthetic scan (patches of 64 x 64 x 64, a UNet3D with 4 features, one
model), from its file to the files of its results. The scan takes minutes on two cores; memory does not
depend on what the network computes, so `--architecture PassThrough` shows the same in less time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

SHAPE = (400, 512, 512)
PATCH = (64, 64, 64)
TIME_SHAPE = (128, 128, 128)
GIB = 2**30
MOST_BESIDE = 2 * GIB  # beside the input and what the network itself needs
MOST_TIME = 1.15
STRUCTURES = (2, 10, 40)


def settings(structures: int, args: argparse.Namespace) -> dict[str, object]:
    """Return the fields of the inference."""
    return {
        "architecture": args.architecture,
        "image_channels": ["ct"],
        "ground_truth_ids": [f"structure_{number}" for number in range(structures)],
        "feature_channels": [4],
        "test_crop_size": PATCH,
        "inference_batch_size": args.batch_size,
        "inference_blending": args.blending,
        "inference_stride_size": [args.stride] * 3,
        "norm_method": "CT Window",
        "num_cpu_threads": 2,
        "max_num_gpus": 0,
    }


class Memory:
    """The most memory of this process: all of it, and the part that no file can take back."""

    def __init__(self) -> None:
        self.resident = self.anonymous = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> dict[str, int]:
        """Return the highest values in bytes."""
        self._done.set()
        self._thread.join()
        return {"resident": self.resident, "anonymous": self.anonymous}

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            status = Path("/proc/self/status").read_text(encoding="ascii")
            found = dict(line.split(":", 1) for line in status.splitlines())
            in_bytes = {name: 1024 * int(found[name].split()[0]) for name in ("VmRSS", "RssAnon")}
            self.resident = max(self.resident, in_bytes["VmRSS"])
            self.anonymous = max(self.anonymous, in_bytes["RssAnon"])


def child(fields: dict[str, object], folder: Path) -> None:
    """Segment the scan and print what it took, as JSON."""
    import torch

    from innereye.configs.stages.segment import EnsembleSettings
    from innereye.inference.checkpoint import build_network
    from innereye.inference.segment import segment

    chosen = EnsembleSettings.model_validate(fields | {"local_dataset": folder})
    torch.set_num_threads(chosen.num_cpu_threads)
    network = build_network(chosen).eval()
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights}, folder / "network.ckpt")
    memory = Memory()
    with torch.inference_mode():
        network(torch.zeros(chosen.inference_batch_size, 1, *PATCH))
    network_alone = memory.stop()["anonymous"]
    del network, weights
    memory, start = Memory(), time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as results:
        segment(
            checkpoints=[folder / "network.ckpt"],
            split_csv=folder / "test.csv",
            output_folder=Path(results),
            settings=chosen,
        )
    seconds = time.perf_counter() - start
    print(json.dumps(memory.stop() | {"network": network_alone, "seconds": seconds}))


def write_scan(folder: Path) -> None:
    """Write a CT-like scan and the table that lists it."""
    from innereye.io.image import Geometry, write_image

    noise = np.random.default_rng(0).normal(0, 30, SHAPE[1:]).astype(np.int16)
    voxels = np.stack([np.roll(noise, 7 * z) for z in range(SHAPE[0])])
    write_image(folder / "ct.nii.gz", voxels, Geometry(SHAPE, (1.0, 0.8, 0.8)))
    (folder / "test.csv").write_text("subject,filePath,channel\n1,ct.nii.gz,ct\n")


def show_memory(args: argparse.Namespace, folder: Path) -> None:
    """Print a row for each number of structures."""
    image = 4 * int(np.prod(SHAPE))
    print("| structures | all, GiB | of it anonymous | input | network alone | limit | | s |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for structures in args.structures:
        command = [sys.executable, __file__, "--child", json.dumps(settings(structures, args))]
        # A new process, so that nothing of its predecessor is counted.
        done = subprocess.run(
            [*command, str(folder)], check=True, capture_output=True, text=True, env=os.environ
        )
        took = json.loads(done.stdout.splitlines()[-1])
        limit = image + MOST_BESIDE + took["network"]
        numbers = (took["resident"], took["anonymous"], image, took["network"], limit)
        cells = " | ".join(f"{number / GIB:.2f}" for number in numbers)
        verdict = "ok" if took["resident"] <= limit else "MISSED"
        print(f"| {structures} | {cells} | {verdict} | {took['seconds']:.0f} |", flush=True)


def show_time(args: argparse.Namespace) -> None:
    """Print how long windows take against bare forward passes, processor seconds of one thread."""
    import torch

    from innereye.configs.stages.segment import EnsembleSettings
    from innereye.inference.checkpoint import build_network
    from innereye.inference.prediction import Prediction
    from innereye.inference.scratch import Scratch
    from innereye.inference.sliding_window import Window, parts_of
    from innereye.names import InferenceBlending

    torch.set_num_threads(1)  # on a busy machine threads would wait for each other
    chosen = EnsembleSettings.model_validate(settings(10, args) | {"architecture": "UNet3D"})
    network = build_network(chosen).eval()
    image = np.random.default_rng(0).normal(size=(1, *TIME_SHAPE)).astype(np.float32)
    patches = torch.from_numpy(image[None, :, :64, :64, :64].copy())
    window = Window(
        patch=PATCH,
        stride=PATCH,
        sizes=network.sizes,  # pyright: ignore[reportArgumentType]
        batch_size=1,
        padding_mode="edge",
        blending=InferenceBlending(args.blending),
    )
    ratios = []
    for _ in range(args.rounds):
        start = time.process_time()
        with torch.inference_mode():
            for _ in range(8):
                network(patches)
        middle = time.process_time()
        scratch = Scratch(Path(tempfile.gettempdir()))
        prediction = Prediction(TIME_SHAPE, 11, scratch)
        for part in parts_of(
            network,
            image,
            mask=None,
            window=window,
            num_classes=11,
            device=torch.device("cpu"),
            scratch=scratch,
        ):
            prediction.add(part)
        ratios.append((time.process_time() - middle) / (middle - start))
    ratio = float(np.median(ratios))
    verdict = "ok" if ratio <= MOST_TIME else "MISSED"
    print(f"\ntime against bare forward passes: {ratio:.2f}, at most {MOST_TIME}: {verdict}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--structures", type=int, nargs="*", default=STRUCTURES)
    parser.add_argument("--architecture", default="UNet3D")
    parser.add_argument("--blending", default="Crop", choices=["Crop", "Gaussian"])
    parser.add_argument("--stride", type=int, default=64)
    parser.add_argument("--batch_size", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="of the time; 0 leaves it out")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(json.loads(args.child[0]), Path(args.child[1]))
        return
    if args.structures:
        with tempfile.TemporaryDirectory() as folder:
            write_scan(Path(folder))
            show_memory(args, Path(folder))
    if args.rounds:
        show_time(args)


if __name__ == "__main__":
    main()
