"""Which run made a folder of results? What other programs ask of the record."""

from pathlib import Path

from snakemake_executor_plugin_azureml.record import RECORD_FILE, Record

TRAINED = "checkpoints/last.ckpt"


def run_of_folder(folder: str, record_file: Path = RECORD_FILE) -> str | None:
    """Return the recovery id EXPERIMENT:RUN of the run that trained a run folder, or None."""
    found = Record(record_file).run_of_file(f"{folder}/{TRAINED}")
    return f"{found.experiment}:{found.run_id}" if found else None


def parent_of(name: str, record_file: Path = RECORD_FILE) -> str | None:
    """Return the recovery id of the newest parent of this name (`azureml_parent`), or None."""
    parent = Record(record_file).parent(name)
    return f"{parent.experiment}:{parent.run_id}" if parent else None
