"""Are the files sound that a job is about to read, where no earlier check could open them?"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.fields.scalar_data import ScalarImageFields
from innereye.configs.stages.check_items import CheckItemsSettings
from innereye.data.check_before_reading import RECORD, WORKERS
from innereye.data.check_run import complete_list, turn
from innereye.data.cloud_listing import HOW_TO_REACH_IMAGES
from innereye.data.dataset import read_dataset
from innereye.data.identities import load_record, save_record
from innereye.data.scalar.check import ItemCheckSettings, check_items
from innereye.data.scalar.item_image import sizes_of
from innereye.data.scalar.model_layout import layout_of_model
from innereye.errors import DatasetError
from innereye.names import AZUREML_DATA, UNCHECKED_DATA

logger = logging.getLogger(__name__)


def check_before_classifying(
    fields: CheckItemsSettings, model: ScalarModelBase, tables: Sequence[Path]
) -> None:
    """Open the files that the rows of some tables name, if they came from the cloud unchecked.

    Raises:
        DatasetError: all faults, or that the images lie elsewhere.
    """
    folder = fields.local_dataset
    if folder is None:
        raise DatasetError(f"The images of the data set lie in the cloud. {HOW_TO_REACH_IMAGES}")
    if AZUREML_DATA not in os.environ or os.environ.get(UNCHECKED_DATA) != str(folder):
        return
    frame = pd.concat([read_dataset(table) for table in tables])
    if frame.empty:  # a split may be
        return
    logger.info("The data set lies in the cloud: its images are checked before they are used.")
    with turn(RECORD):
        result = check_items(
            frame,
            layout_of_model(fields, model),
            root=folder,
            settings=check_settings_of(fields, model),
            previous=load_record(RECORD),
            workers=WORKERS,
        )
        save_record(RECORD, result.record)
    if result.faults:
        # Only the log comes back from a node, so it has them all.
        raise DatasetError(complete_list(result.faults, f"The data set in {folder}", None))


def check_settings_of(fields: ScalarImageFields, model: ScalarModelBase) -> ItemCheckSettings:
    """Return what images must come to; a model with transforms of its own brings them to one size."""
    has_transform = model.get_image_transform() is not None
    return ItemCheckSettings(sizes_of(fields), not has_transform, fields.load_segmentation)
