"""Which items does a split of a run hold, and which categories does its whole data set know?"""

from pathlib import Path

from innereye.data.dataset import read_dataset
from innereye.data.scalar.files_by_name import files_below
from innereye.data.scalar.items import (
    NO_FILES,
    NONE_IS_USABLE,
    Item,
    fit_encoder,
    log_dropped,
    parse_items,
)
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.one_hot import OneHotEncoder
from innereye.errors import DatasetError, list_faults


def encoder_of_data_set(table: Path, layout: Layout) -> OneHotEncoder:
    """Return the encoder for the categories of a whole table; without columns of these it has none.

    Raises:
        DatasetError: the table is not there.
    """
    if not layout.categorical:
        return OneHotEncoder({})
    if not table.is_file():
        raise DatasetError(f"{table} does not exist; its categories are inputs of the network.")
    return fit_encoder(read_dataset(table), layout)


def read_split(
    csv_path: Path,
    layout: Layout,
    *,
    root: Path,
    encoder: OneHotEncoder,
    labels_required: bool = True,
) -> list[Item]:
    """Return the items of a split's table; subjects that lack something are logged and left out.

    Where that are all, or the table is empty, there are none.

    Raises:
        DatasetError: all faults of the table.
    """
    frame = read_dataset(csv_path)
    if frame.empty:
        return []
    files = files_below(root) if layout.finds_files_by_name else NO_FILES
    table = parse_items(
        frame, layout, encoder=encoder, files=files, labels_required=labels_required
    )
    if faults := [each for each in table.faults if not each.startswith(NONE_IS_USABLE)]:
        raise DatasetError(list_faults(f"{csv_path} is not usable:", faults))
    log_dropped(table.dropped, len(table.items))
    return list(table.items)
