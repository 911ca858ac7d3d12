"""How do jobs learn the folders of the data sets? As fields of the machine, plain."""

from pathlib import Path

from innereye.data.extra_data import DataSets, folders_in_use


def place_of(folder: Path | None) -> dict[str, str | None]:
    """Return the field that names the folder of a data set."""
    return {"local_dataset": None if folder is None else str(folder)}


def extra_places(fields: DataSets) -> dict[str, list[str]]:
    """Return the field that names the folders of extra data sets; none where they are not used."""
    extra = folders_in_use(fields)
    return {"extra_local_dataset_paths": [str(folder) for folder in extra]} if extra else {}
