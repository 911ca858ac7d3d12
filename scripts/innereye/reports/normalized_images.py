"""Which normalisation suits a data set? A picture of each subject before and after, and a page of them."""

import logging
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from html import escape
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from innereye.configs.stages.normalized_images import NormalizedImagesSettings
from innereye.data.cloud_listing import is_listed
from innereye.data.dataset import Subject, read_subjects
from innereye.data.extra_data import folders_in_use
from innereye.data.normalisation import Normalisation, intensity_limits, normalise
from innereye.data.sample import load_sample
from innereye.errors import DatasetError, ImageError, list_faults
from innereye.io.files import write_table
from innereye.names import CHANNEL, FILE, SUBJECT, NormMethod, subject_folder
from innereye.reports.dataset_report import IMAGES_NEEDED
from innereye.reports.markup import Html, facts_table, join, paragraph
from innereye.reports.normalisation_facts import facts_of
from innereye.reports.normalized_picture import NormalisedChannel, normalised_png
from innereye.reports.standalone_page import standalone_page

logger = logging.getLogger(__name__)

PICTURES_CSV = "pictures.csv"
INDEX_HTML = "index.html"
COLUMNS = (SUBJECT, CHANNEL, "low", "high", "share_below", "share_above", FILE)
SUBJECTS_PER_MESSAGE = 25
Row = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True)
class _Task:
    """A subject to draw, and into which folder."""

    subject: Subject
    normalisation: Normalisation
    resample_spacing_zyx_mm: tuple[float, float, float] | None
    folder: Path


def normalize_and_visualize_dataset(
    frame: pd.DataFrame, *, settings: NormalizedImagesSettings, folder: Path, workers: int
) -> None:
    """Draw each subject before and after the normalisation of the settings.

    The folder is written anew as a whole: `pictures.csv` has a row per subject and channel with the
    limits that were used, `index.html` shows all pictures. Processes are spawned: a calling script
    needs its `__main__` guard.

    Raises:
        DatasetError: the rows have faults, or the images are not on this machine.
        ImageError: images cannot be read or normalised; all of them at once.
    """
    root = settings.local_dataset
    if root is None or is_listed(root):
        raise DatasetError(IMAGES_NEEDED)
    subjects = read_subjects(
        frame,
        root=root,
        image_channels=settings.image_channels,
        ground_truth_ids=[],
        mask_id=settings.mask_id,
        extra_folders=folders_in_use(settings),
    )
    values = {field.name: getattr(settings, field.name) for field in fields(Normalisation)}
    normalisation = Normalisation(**values)
    spacing = settings.resample_spacing_zyx_mm
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        drawn = Path(temporary) / folder.name
        drawn.mkdir()
        tasks = [_Task(subject, normalisation, spacing, drawn) for subject in subjects]
        rows = _draw_all(tasks, workers)
        write_table(drawn / PICTURES_CSV, pd.DataFrame(rows, columns=pd.Index(COLUMNS)))
        page = _page(rows, facts_of(normalisation))
        (drawn / INDEX_HTML).write_text(page, encoding="utf-8", newline="\n")
        if folder.exists():
            shutil.rmtree(folder)
        drawn.rename(folder)
    logger.info("Drew %d subjects.", len(subjects))


def _draw_all(tasks: list[_Task], workers: int) -> list[Row]:
    processes = min(workers, len(tasks))
    if processes <= 1:
        return _collected(map(_draw, tasks), len(tasks))
    # Forking a process that has threads can hang; spawning works everywhere.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return _collected(pool.map(_draw, tasks), len(tasks))


def _collected(results: Iterable[list[Row] | str], number_of_subjects: int) -> list[Row]:
    rows: list[Row] = []
    faults: list[str] = []
    for number, found in enumerate(results, start=1):
        if isinstance(found, str):
            faults.append(found)
        else:
            rows += found
        if number % SUBJECTS_PER_MESSAGE == 0:
            logger.info("Drew %d of %d subjects.", number, number_of_subjects)
    if faults:
        raise ImageError(list_faults("Images cannot be normalised:", faults))
    return rows


def _draw(task: _Task) -> list[Row] | str:
    """Draw a subject and return its rows, or say what is wrong with it."""
    name = task.subject.subject
    try:
        sample = load_sample(
            task.subject,
            Normalisation(norm_method=NormMethod.UNCHANGED),
            with_labels=False,
            resample_spacing_zyx_mm=task.resample_spacing_zyx_mm,
        )
        after = normalise(sample.image, task.normalisation, sample.mask)
    except ImageError as error:
        return str(error).rstrip(".")
    inside = None if sample.mask is None else sample.mask > 0
    channels = [
        NormalisedChannel(
            channel,
            sample.image[index],
            after[index],
            intensity_limits(sample.image[index], task.normalisation, inside, index),
        )
        for index, channel in enumerate(task.subject.images)
    ]
    file = f"{subject_folder(name)}.png"
    png = normalised_png(
        channels,
        title=f"Subject {name} · {task.normalisation.norm_method}",
        geometry=sample.geometry,
        output_range=task.normalisation.output_range,
    )
    (task.folder / file).write_bytes(png)
    return [_row(name, channel, file) for channel in channels]


def _row(subject: str, channel: NormalisedChannel, file: str) -> Row:
    low, high = (f"{limit:.6g}" for limit in channel.limits) if channel.limits else ("", "")
    below, above = (f"{share:.4f}" for share in channel.clipped)
    return (subject, channel.name, low, high, below, above, file)


def _page(rows: list[Row], facts: list[tuple[str, str]]) -> str:
    pictures = {row[-1]: row[0] for row in rows}
    style = 'loading="lazy" style="max-width:100%"'
    images = "\n".join(
        f'<p><img {style} alt="Subject {escape(subject)}" src="{escape(file)}"></p>'
        for file, subject in pictures.items()
    )
    note = (
        "Red lines are the intensities that become the ends of the output range; what lies beyond them is "
        "clipped. Slices go through the middle of the scan."
    )
    body = join(
        [Html("<h1>Normalised images</h1>"), facts_table(facts), paragraph(note), Html(images)]
    )
    return standalone_page("Normalised images", body.text)
