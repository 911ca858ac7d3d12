"""Which table does a run read, and how is it seen while the Snakefile is parsed?"""

from pathlib import Path

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.model_config import ModelConfig
from innereye.data.dataset_view import DatasetView
from innereye.data.scalar.item_view import ItemView
from innereye.data.scalar.model_layout import layout_of_model
from innereye.workflow.cloud_data import DataPlace


def view_of(
    model: ModelConfig, record: Path, number_of_folds: int, data: DataPlace
) -> DatasetView | ItemView:
    """Return the data set of a model; `record` is the file with what checks saw."""
    folder = data.described_in
    if not isinstance(model, ScalarModelBase):
        return DatasetView(model, record, number_of_folds, folder)
    table = None if folder is None else folder / data.table
    return ItemView(model, layout_of_model(model, model), record, number_of_folds, table)
