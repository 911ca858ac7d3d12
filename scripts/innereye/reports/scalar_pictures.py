"""Which images do the subjects of a report have? Read from the data set, and drawn beside the report."""

from collections.abc import Sequence
from pathlib import Path

from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.data.scalar.files_by_name import files_below
from innereye.data.scalar.item_image import read_finite
from innereye.data.scalar.items import NO_FILES, Item, parse_items
from innereye.data.scalar.layout import Layout, layout_of
from innereye.errors import ImageError
from innereye.io.files import atomic_write, read_table
from innereye.io.location import locate
from innereye.names import SPLIT_CSV, Split
from innereye.reports.scalar_picture import subject_png
from innereye.reports.scalar_picture_files import write_pictures

ELSEWHERE = "the images are not on this machine"
NO_ROW = "it has no usable row in the table of the split"


def draw_pictures(
    *,
    run_folder: Path,
    split: Split,
    subjects: Sequence[str],
    settings: ScalarReportSettings,
    is_regression: bool,
    folder: Path,
) -> None:
    """Draw the images of subjects into `folder`; a problem with one is written down, not raised.

    Of a model without images nothing is drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    layout = layout_of(settings, is_regression=is_regression)
    if not layout.image_channels:
        write_pictures(folder, [])
        return
    root = Path(settings.local_dataset) if settings.local_dataset else None
    items = _items(run_folder / SPLIT_CSV[split], layout, root) if root else {}
    rows = []
    for number, subject in enumerate(subjects):
        png = folder / f"{number:03d}.png"
        problem = _draw(items.get(subject, NO_ROW), root, png) if root else ELSEWHERE
        rows.append((subject, "" if problem else png.name, problem))
    write_pictures(folder, rows)


def _items(split_csv: Path, layout: Layout, root: Path) -> dict[str, Item | str]:
    """Return each subject's item, or why it has none."""
    if not split_csv.is_file():
        return {}
    files = files_below(root) if layout.finds_files_by_name else NO_FILES
    table = parse_items(read_table(split_csv), layout, files=files, labels_required=False)
    items: dict[str, Item | str] = {item.subject: item for item in table.items}
    return items | {dropped.subject: dropped.reason for dropped in table.dropped}


def _draw(item: Item | str, root: Path, png: Path) -> str:
    """Draw an item's images; return the problem, empty where there is none."""
    if isinstance(item, str):
        return item
    try:
        images = [read_finite(locate(path, root)) for path in item.images.values()]
    except ImageError as error:
        # The same report comes from the same results wherever the data set lies.
        return str(error).replace(f"{root}/", "").rstrip(".")
    with atomic_write(png) as temporary:
        temporary.write_bytes(subject_png(images))
    return ""
