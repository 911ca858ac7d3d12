"""Which check does the data set of a run get? That of its kind of model."""

import json
from collections.abc import Mapping
from pathlib import Path

from innereye.configs.load_scalar import load_scalar_model
from innereye.configs.stages.check import CheckSettings
from innereye.configs.stages.check_items import CheckItemsSettings
from innereye.data.check_run import check_run
from innereye.data.scalar.check_before_reading import check_settings_of
from innereye.data.scalar.check_run import check_item_run
from innereye.data.scalar.model_layout import layout_of_model
from innereye.errors import DatasetError


def check_of_job(
    settings: str,
    place: str,
    *,
    config: str | None,
    basedir: Path,
    missing: str,
    record_file: Path,
    outputs: Mapping[str, str],
    workers: int,
) -> None:
    """Check a data set by the texts of a rule, and copy its table into the run.

    With `config` the model is a scalar one, whose class is asked for its hooks. `outputs` names the
    files to write: `dataset`, and for a scalar model `dropped`, the subjects that are not used.

    Raises:
        DatasetError: all faults of the data set, or that it is not there.
    """
    fields = {**json.loads(settings), **json.loads(place)}
    dataset = Path(outputs["dataset"])
    if config is None:
        known = {"missing": missing, "record_file": record_file, "workers": workers}
        check_run(CheckSettings(**fields), output=dataset, **known)
        return
    model = load_scalar_model(config, basedir)
    of_items = CheckItemsSettings(**fields)
    if of_items.local_dataset is None:
        raise DatasetError(missing)
    check_item_run(
        of_items.local_dataset / of_items.dataset_csv,
        layout_of_model(of_items, model),
        check_settings_of(of_items, model),
        missing=missing,
        record_file=record_file,
        output=dataset,
        dropped_csv=Path(outputs["dropped"]),
        workers=workers,
    )
