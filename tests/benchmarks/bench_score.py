"""How fast are the scores? Five structures of 512 x 512 x 150 voxels, beside other libraries.

Run `python tests/benchmarks/bench_score.py` from the top folder. Every route is measured in a process
of its own, with two processes or threads where it can use them, on the same masks:

- arrays: `score_subject`, the five measures of metrics.csv and surface_metrics.csv, one process;
- files: `score`, from NIfTI files and manifest to both tables, two processes;
- SimpleITK: Dice, Hausdorff and mean surface distance as the original measured them, whole volumes;
- MONAI: Dice, Hausdorff, HD95, mean surface distance, surface Dice; left out where not installed.
"""

import argparse
import importlib.util
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np

SHAPE = (150, 512, 512)
SPACING = (3.0, 1.0, 1.0)
TOLERANCE_MM = 1.0
PROCESSES = 2
LIMIT_SECONDS, LIMIT_GIB = 4.0, 2.0
# Centre and half axes in voxels (Z, Y, X), wall in mm for a hollow organ; about the sizes of bladder,
# femur, rectum, liver and the shell of a lung.
ORGANS = {
    "bladder": ((60, 250, 256), (14, 42, 45), None),
    "femur": ((50, 280, 130), (30, 28, 28), None),
    "rectum": ((60, 330, 256), (22, 20, 20), 5.0),
    "liver": ((100, 240, 200), (30, 85, 100), None),
    "lung": ((110, 240, 370), (38, 95, 65), 6.0),
}
SHIFT = (1, 3, -2)


def ellipsoid(centre: tuple[int, ...], half_axes: tuple[float, ...]) -> np.ndarray:
    """Return a filled ellipsoid, as truth values (Z, Y, X)."""
    offsets = [
        ((np.arange(size) - middle) / half) ** 2
        for size, middle, half in zip(SHAPE, centre, half_axes, strict=True)
    ]
    return sum(np.ix_(*offsets)) <= 1


def organ(name: str, shift: tuple[int, ...] = (0, 0, 0), growth: float = 1.0) -> np.ndarray:
    """Return the mask of an organ, moved by whole voxels and grown by a factor."""
    centre, half_axes, wall_mm = ORGANS[name]
    middle = tuple(at + by for at, by in zip(centre, shift, strict=True))
    outside = tuple(half * growth for half in half_axes)
    mask = ellipsoid(middle, outside)
    if wall_mm is not None:
        inside = (half - wall_mm / size for half, size in zip(outside, SPACING, strict=True))
        mask &= ~ellipsoid(middle, tuple(max(half, 1.0) for half in inside))
    return mask


def masks() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a predicted segmentation and the true masks, bytes (Z, Y, X)."""
    truth = {name: organ(name).view(np.uint8) for name in ORGANS}
    segmentation = np.zeros(SHAPE, np.uint8)
    for label, name in enumerate(ORGANS, start=1):
        segmentation[organ(name, SHIFT, 1.03)] = label
    return segmentation, truth


def score_arrays(folder: Path) -> Callable[[], object]:
    """Prepare our scores of arrays in memory."""
    from innereye.metrics.score_subject import score_subject

    segmentation, truth = masks()
    return lambda: score_subject(
        segmentation,
        truth,
        subject="1",
        structures=list(ORGANS),
        spacing_zyx_mm=SPACING,
        tolerance_mm=TOLERANCE_MM,
    )


def score_files(folder: Path) -> Callable[[], object]:
    """Prepare our scores of files, as a job of the pipeline does it."""
    from innereye.metrics.score import score

    settings = SimpleNamespace(
        local_dataset=folder,
        ground_truth_ids=list(ORGANS),
        surface_dice_tolerance_mm=TOLERANCE_MM,
    )
    return lambda: score(
        segmentations_csv=folder / "segmentations.csv",
        split_csv=folder / "val_dataset.csv",
        settings=settings,
        num_processes=PROCESSES,
    )


def write_files(folder: Path) -> None:
    """Write what `score` reads."""
    from innereye.io.image import Geometry, write_image
    from innereye.provenance.files import sha256_of

    geometry = Geometry(size_zyx=SHAPE, spacing_zyx_mm=SPACING)
    segmentation, truth = masks()
    write_image(folder / "001" / "segmentation.nii.gz", segmentation, geometry)
    for name, mask in truth.items():
        write_image(folder / f"{name}.nii.gz", mask, geometry)
    rows = [f"1,{name}.nii.gz,{name}" for name in ORGANS]
    (folder / "val_dataset.csv").write_text("\n".join(["subject,filePath,channel", *rows]))
    sha256 = sha256_of(folder / "001" / "segmentation.nii.gz")
    (folder / "segmentations.csv").write_text(
        f"subject,file,sha256\n1,001/segmentation.nii.gz,{sha256}\n"
    )


def simpleitk_way(folder: Path) -> Callable[[], object]:
    """Prepare the original's route: filters on whole volumes."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(PROCESSES)
    segmentation, truth = masks()

    def image(mask: np.ndarray) -> sitk.Image:
        made = sitk.GetImageFromArray(mask.astype(np.uint8))
        made.SetSpacing(SPACING[::-1])
        return made

    def run() -> list[tuple[float, float, float]]:
        rows = []
        for label, name in enumerate(ORGANS, start=1):
            pair = image(segmentation == label), image(truth[name])
            overlap = sitk.LabelOverlapMeasuresImageFilter()
            overlap.Execute(*pair)
            hausdorff = sitk.HausdorffDistanceImageFilter()
            hausdorff.Execute(*pair)
            distances = []
            for source, target in (pair, pair[::-1]):
                distance = sitk.SignedMaurerDistanceMap(
                    target, squaredDistance=False, useImageSpacing=True
                )
                contour = sitk.GetArrayViewFromImage(sitk.LabelContour(source)) == 1
                distances.append(np.abs(sitk.GetArrayViewFromImage(distance)[contour]))
            mean = float(np.concatenate(distances).mean())
            rows.append((overlap.GetDiceCoefficient(), hausdorff.GetHausdorffDistance(), mean))
        return rows

    return run


def monai_way(folder: Path) -> Callable[[], object]:
    """Prepare MONAI's functions for the same measures."""
    import torch
    from monai.metrics import (
        compute_average_surface_distance,
        compute_dice,
        compute_hausdorff_distance,
        compute_surface_dice,
    )

    torch.set_num_threads(PROCESSES)
    segmentation, truth = masks()

    def run() -> list[object]:
        rows: list[object] = []
        for label, name in enumerate(ORGANS, start=1):
            pair = [
                torch.from_numpy(mask)[None, None]
                for mask in (segmentation == label, truth[name] > 0)
            ]
            kept = {"include_background": True, "spacing": SPACING}
            rows += [
                compute_dice(*pair, include_background=True),
                compute_hausdorff_distance(*pair, **kept),
                compute_hausdorff_distance(*pair, percentile=95, **kept),
                compute_average_surface_distance(*pair, symmetric=True, **kept),
                compute_surface_dice(*pair, class_thresholds=[TOLERANCE_MM], **kept),
            ]
        return rows

    return run


ROUTES: dict[str, tuple[str, Callable[[Path], Callable[[], object]]]] = {
    "arrays": ("ours, arrays, 1 process, 5 measures", score_arrays),
    "files": (f"ours, files, {PROCESSES} processes, 5 measures", score_files),
    "simpleitk": (f"SimpleITK, arrays, {PROCESSES} threads, 3 measures", simpleitk_way),
    "monai": (f"MONAI, arrays, {PROCESSES} threads, 5 measures", monai_way),
}


def cpu_seconds() -> float:
    """Return the user CPU time of this process and its finished children."""
    return sum(
        resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def peak_gib(processes: int) -> float:
    """Return an upper bound of the peak memory: this process, and all children as large as the largest."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + processes * child) / 2**20


def measure(route: str, folder: Path, repeats: int, pipe: object) -> None:
    """Run a route and send wall seconds and CPU seconds of each repeat, and the peak memory."""
    run = ROUTES[route][1](folder)
    times = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), cpu_seconds()
        run()
        times.append((time.perf_counter() - wall, cpu_seconds() - cpu))
    pipe.send((times, peak_gib(PROCESSES if route == "files" else 0)))


def main() -> None:
    """Print one line per route."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--routes", nargs="+", choices=list(ROUTES), default=list(ROUTES))
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    print(
        f"{len(ORGANS)} structures of {SHAPE} voxels at {SPACING} mm; {os.cpu_count()} cores;",
        end=" ",
    )
    print(f"goal: {LIMIT_SECONDS} s, {LIMIT_GIB} GiB")
    print(f"{'route':<46}{'wall s: best':>13}{'median':>9}{'user CPU s':>12}{'peak GiB':>10}")
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name))
        for route in options.routes:
            title = ROUTES[route][0]
            if route == "monai" and importlib.util.find_spec("monai") is None:
                print(f"{title:<46}  not installed")
                continue
            repeats = options.repeats if route in ("arrays", "files") else 1
            ours, theirs = context.Pipe()
            process = context.Process(target=measure, args=(route, Path(name), repeats, theirs))
            process.start()
            times, peak = ours.recv()
            process.join()
            walls, cpus = sorted(t[0] for t in times), sorted(t[1] for t in times)
            middle = len(walls) // 2
            print(
                f"{title:<46}{walls[0]:>13.2f}{walls[middle]:>9.2f}{cpus[middle]:>12.2f}{peak:>10.2f}"
            )


if __name__ == "__main__":
    main()
