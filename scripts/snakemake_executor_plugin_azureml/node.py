"""The program that runs on a node: lay out the inputs, run the job, hand over its results.

A run's working directory holds a copy of this file, so it needs no installation; it uses the standard
library only. Files of a job are named by their content in the mounted store `AZUREML_DATAREFERENCE_files`:
`blobs/<first two digits>/<sha256>`. What is left below `outputs/` and `logs/` is what the service uploads.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUTS = Path("outputs")
LOGS = Path("logs")
RESULTS_JSON = OUTPUTS / "azureml_results.json"
ELSEWHERE = OUTPUTS / "azureml_results"
STORE_VARIABLE = "AZUREML_DATAREFERENCE_files"
DATA_REFERENCE_VARIABLE = "AZUREML_DATAREFERENCE_data"
DATA_VARIABLE = "SNAKEMAKE_AZUREML_DATA"
RECOVERY_VARIABLE = "SNAKEMAKE_AZUREML_RECOVERY"
DATA_FOLDER = Path(".azureml_job/data")
SECONDS_BETWEEN_LOG_COPIES = 2.0
CHUNK = 1 << 20


def main(job_name: str) -> int:
    """Run the job that the store describes under this name; return its exit status."""
    store = Path(os.environ[STORE_VARIABLE])
    job = json.loads((store / job_name).read_text(encoding="utf-8"))
    recovery = store / job["recovery"]
    recovery.mkdir(parents=True, exist_ok=True)
    os.environ[RECOVERY_VARIABLE] = str(recovery)
    lay_out_data(job, store)
    lay_out_inputs(job["inputs"], store)
    sources = states_below(Path())
    with log_copies(job["log_folders"]):
        status = run_command(job["command"])
    if int(os.environ.get("NODE_RANK", "0")):
        discard_results()
    else:
        written = without_copies(changed_since(sources), job["log_folders"])
        hand_over(job, written, succeeded=status == 0)
    return status


def lay_out_inputs(inputs: dict[str, str], store: Path) -> None:
    """Copy each input, a sha256 by path, to its place; a damaged one ends the job."""
    for path, sha256 in inputs.items():
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(blob(store, sha256), target)
        if sha256_of(target) != sha256:
            sys.exit(f"{path} arrived damaged: its content is not the one that was uploaded.")


def lay_out_data(job: dict[str, Any], store: Path) -> None:
    """Give the job the folder of its data set: the mounted one, or a tree of links into the store."""
    if job["data_files"] is None:
        if DATA_REFERENCE_VARIABLE in os.environ:
            os.environ[DATA_VARIABLE] = os.environ[DATA_REFERENCE_VARIABLE]
        return
    files = json.loads((store / job["data_files"]).read_text(encoding="utf-8"))
    for path, sha256 in files.items():
        link = DATA_FOLDER / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(blob(store, sha256))
    os.environ[DATA_VARIABLE] = str(DATA_FOLDER.resolve())


def blob(store: Path, sha256: str) -> Path:
    """Return where the store keeps a content."""
    return store / "blobs" / sha256[:2] / sha256


def run_command(command: str) -> int:
    """Run a line of shell to its end; a request to stop is passed on."""
    process = subprocess.Popen(["/bin/bash", "-c", command])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: process.send_signal(received))
    status = process.wait()
    return status if status >= 0 else 128 - status


@contextlib.contextmanager
def log_copies(folders: list[str]) -> Iterator[None]:
    """Keep copies of folders of logs below `logs/`, which the service shows while the job runs."""
    stop = threading.Event()

    def copy_now_and_then() -> None:
        while not stop.wait(SECONDS_BETWEEN_LOG_COPIES):
            copy_logs(folders)

    thread = threading.Thread(target=copy_now_and_then, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        copy_logs(folders)


def copy_logs(folders: list[str]) -> None:
    """Copy what has grown in the folders of logs."""
    for folder in folders:
        for source in files_below(Path(folder)):
            target = LOGS / source
            with contextlib.suppress(OSError):  # a log that is gone in this moment is no loss
                if not target.is_file() or target.stat().st_size != source.stat().st_size:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, target)


def hand_over(job: dict[str, Any], written: list[Path], *, succeeded: bool) -> None:
    """Leave the results of the job below `outputs/`, and a list of them with sizes and hashes.

    Results are the declared files, those of declared folders, and what lies beside or below one of
    them. Of a job that failed only its logs are kept.
    """
    stated = {Path(path) for path in [*(job["outputs"] if succeeded else []), *job["logs"]]}
    declared = {path for each in stated for path in files_of(each)}
    folders = {path.parent for path in stated if path.parent != Path()}
    results = []
    for path in sorted(declared | set(written)):
        is_sibling = succeeded and any(path.is_relative_to(folder) for folder in folders)
        if path in declared or is_sibling:
            place = place_of(path)
            results.append(
                {
                    "path": path.as_posix(),
                    "file": place.as_posix(),
                    "size": path.stat().st_size,
                    "sha256": sha256_of(path),
                    "declared": path in declared,
                }
            )
    keep = {Path(str(result["path"])) for result in results}
    for path in files_below(OUTPUTS):
        if path not in keep:
            path.unlink()
    for result in results:
        source, place = Path(str(result["path"])), Path(str(result["file"]))
        if source != place:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    RESULTS_JSON.parent.mkdir(exist_ok=True)
    RESULTS_JSON.write_text(json.dumps(results, indent=0), encoding="utf-8")


def files_of(declared: Path) -> list[Path]:
    """Return a declared file, or all files of a declared folder, hidden ones too."""
    if declared.is_dir():
        return [path for path in declared.rglob("*") if path.is_file()]
    return [declared] if declared.is_file() else []


def place_of(path: Path) -> Path:
    """Return where a result is uploaded: as it lies, or in a folder that no other result has."""
    if path.parts[0] in (OUTPUTS.name, LOGS.name):
        return path
    place = OUTPUTS / path
    return ELSEWHERE / path if place.exists() else place


def discard_results() -> None:
    """Leave nothing for upload: on several nodes the first one has it all."""
    for folder in (OUTPUTS, LOGS):
        for path in files_below(folder):
            path.unlink()


def states_below(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return time and size of all files, without hidden folders."""
    found = {}
    for path in files_below(folder):
        state = path.stat()
        found[path] = (state.st_mtime_ns, state.st_size)
    return found


def changed_since(before: dict[Path, tuple[int, int]]) -> list[Path]:
    """Return the files that are new or changed, sorted."""
    now = states_below(Path())
    return sorted(path for path, state in now.items() if before.get(path) != state)


def without_copies(paths: list[Path], log_folders: list[str]) -> list[Path]:
    """Return the paths without the copies of logs below `logs/`."""
    copied = [LOGS / folder for folder in log_folders]
    return [path for path in paths if not any(path.is_relative_to(folder) for folder in copied)]


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder, without hidden folders and compiled code."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        found += [Path(place, name) for name in names if Path(place, name).is_file()]
    return found


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
