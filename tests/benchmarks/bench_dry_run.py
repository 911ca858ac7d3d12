"""How long does a dry run take for 5 and for 5,000 subjects?

Prints wall seconds of `snakemake -n`, the median of several runs in turn, and their ratio. The data
sets are tables and files of one byte: a dry run looks at names, sizes and times only.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from projects import Project

SUBJECTS = (5, 5_000)
RUNS = 5
CHANNELS = ("channel1", "mask", "region", "region_1")


def make_project(folder: Path, subjects: int) -> Project:
    """Return a project whose data set has so many subjects."""
    project = Project(folder)
    folder.mkdir()
    project.set_up()
    lines = ["subject,channel,filePath"]
    for subject in range(1, subjects + 1):
        place = project.path("data", str(subject))
        place.mkdir(parents=True)
        for channel in CHANNELS:
            (place / f"{channel}.nii.gz").write_bytes(b"0")
            lines.append(f"{subject},{channel},{subject}/{channel}.nii.gz")
    project.path("data", "dataset.csv").write_text("\n".join(lines) + "\n")
    return project


def seconds(project: Project) -> float:
    """Return how long a dry run takes."""
    start = time.perf_counter()
    done = project.run("--dry-run", "--quiet", model="HelloWorld", local_dataset="data")
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        projects = {n: make_project(Path(folder) / str(n), n) for n in SUBJECTS}
        times = {n: [] for n in SUBJECTS}
        for _ in range(RUNS):
            for n, project in projects.items():
                times[n].append(seconds(project))
    medians = {n: statistics.median(times[n]) for n in SUBJECTS}
    for n in SUBJECTS:
        print(
            f"{n:>6} subjects   {medians[n]:6.2f} s   ({min(times[n]):.2f} to {max(times[n]):.2f})"
        )
    print(f"ratio {medians[SUBJECTS[1]] / medians[SUBJECTS[0]]:.2f}, to reach: at most 1.5")


if __name__ == "__main__":
    main()
