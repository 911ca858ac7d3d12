"""What does each section of a report show? The cells of the notebook call these functions."""

from innereye.metrics.columns import texts_of
from innereye.metrics.outliers import find_outliers
from innereye.metrics.rankings import worst_subjects
from innereye.names import DICE, METRIC_COLUMNS, PATIENT, STRUCTURE, SURFACE_DICE, Split
from innereye.reports.boxplot import boxplot_png
from innereye.reports.few_subjects import few_subjects
from innereye.reports.learning_curves import learning_curves_png
from innereye.reports.markup import (
    Html,
    banner,
    facts_table,
    folded,
    grid,
    heading,
    join,
    paragraph,
    picture,
    table,
)
from innereye.reports.reported_run import ReportedRun
from innereye.reports.run_folder import sizes_in_words
from innereye.reports.score_tables import (
    INFINITE_NOTE,
    METRIC_TITLES,
    TextTable,
    dice_in_words,
    has_infinite,
    outlier_table,
    statistics_table,
    worst_table,
)
from innereye.reports.small_picture import small_jpeg

REPORT_DPI = 90
THUMBNAILS_SHOWN = 9
THUMBNAIL_PIXELS = 340


def header(run: ReportedRun, splits: list[str]) -> Html:
    """Show what was reported: model, data, subjects, epoch, and one line of Dice per split."""
    facts = [*run.facts.items()]
    if subjects := subjects_in_words(run):
        facts.append(("Subjects", subjects))
    facts.append(("Reported epoch", f"{run.epoch}: {run.reason}"))
    for split in splits:
        metrics = run.metrics(Split(split))
        words = "no subjects" if metrics.empty else dice_in_words(metrics)
        facts.append((f"Mean Dice (95 % CI), {split}", words))
    return facts_table(facts)


def subjects_in_words(run: ReportedRun) -> str:
    """Return such as `Train 160, Val 20, Test 40`; an ensemble's members part Train and Val anew."""
    sizes = {split: run.split_size(split) for split in Split}
    return sizes_in_words(sizes, is_ensemble=run.is_ensemble)


def curves(run: ReportedRun) -> Html:
    """Show loss, Dice and learning rate over the epochs."""
    tables = run.epoch_metrics()
    if not tables:
        return paragraph("This run has no training of its own: its checkpoints come from others.")
    png = learning_curves_png(tables, reported_epoch=run.epoch, plot_dpi=REPORT_DPI)
    note = paragraph(
        "Dice is that of the crops of the training, not of full images. The dotted line is the "
        "reported epoch."
    )
    return join([picture(png, kind="png", alt="Learning curves"), note])


def scores(run: ReportedRun, split: str) -> Html:
    """Show the statistics of each metric per structure, and a warning where subjects are few."""
    metrics = run.metrics(Split(split))
    count = len(set(texts_of(metrics, PATIENT)))
    if not count:
        return banner(f"{split} has no subjects: there is nothing to report.")
    pieces = few_subjects(count)
    for metric, title in METRIC_TITLES.items():
        if metric in metrics:
            pieces.append(heading(_title(run, metric, title)))
            pieces.append(_table(statistics_table(metrics, metric)))
    if any(has_infinite(metrics, metric) for metric in METRIC_TITLES if metric in metrics):
        pieces.append(paragraph(INFINITE_NOTE))
    return join(pieces)


def boxplots(run: ReportedRun, split: str) -> Html:
    """Show Dice and Hausdorff distance of all subjects per structure."""
    metrics = run.metrics(Split(split))
    if metrics.empty:
        return join([])
    found = find_outliers(metrics, outlier_range=run.outlier_range)
    png = boxplot_png(metrics, split=Split(split), plot_dpi=REPORT_DPI, outliers=found)
    return picture(png, kind="png", alt=f"Box plots of Dice and Hausdorff distance, {split}")


def outliers(run: ReportedRun, split: str) -> Html:
    """Show the scores beyond their structure's limit."""
    metrics = run.metrics(Split(split))
    if metrics.empty:
        return join([])
    rule = paragraph(
        f"A score is an outlier if it is more than {run.outlier_range:g} standard deviations from "
        "the mean of its structure, on the bad side; an infinite distance always is."
    )
    found = outlier_table(metrics, outlier_range=run.outlier_range)
    title = heading("Outliers")
    return join([title, rule, _table(found) if found.rows else paragraph("There are none.")])


def worst(run: ReportedRun, split: str) -> Html:
    """Show the worst subjects by each metric of metrics.csv; all but Dice are folded away."""
    metrics = run.metrics(Split(split))
    if metrics.empty:
        return join([])
    pieces: list[Html] = []
    for metric in METRIC_COLUMNS:
        rows = worst_table(
            metrics,
            metric,
            outlier_range=run.outlier_range,
            max_rows=run.max_worst_subjects,
        )
        title = f"{len(rows.rows)} worst subjects by {METRIC_TITLES[metric]}"
        if metric == DICE:
            pieces += [heading(title), _table(rows)]
        else:
            pieces.append(folded(title, _table(rows)))
    return join(pieces)


def thumbnails(run: ReportedRun, split: str) -> Html:
    """Show the slices of the worst structures by Dice."""
    metrics = run.metrics(Split(split))
    if metrics.empty:
        return join([])
    title = heading("Worst segmentations by Dice")
    pictures = run.thumbnails(Split(split))
    if not pictures:
        sentence = "There are no pictures of segmentations."
        return join([title, paragraph(sentence)])
    worst_rows = worst_subjects(
        metrics, DICE, outlier_range=run.outlier_range, max_rows=THUMBNAILS_SHOWN
    )
    keys = zip(texts_of(worst_rows, PATIENT), texts_of(worst_rows, STRUCTURE), strict=True)
    shown = [
        picture(
            small_jpeg(pictures[key], width=THUMBNAIL_PIXELS),
            kind="jpeg",
            alt=f"Subject {key[0]}, {key[1]}",
        )
        for key in keys
        if key in pictures
    ]
    note = paragraph(
        "Truth in solid red, segmentation in dashed blue, on the slice with most of it."
    )
    return join([title, note, grid(shown)])


def _table(content: TextTable) -> Html:
    return table(
        content.columns, content.rows, word_columns=content.word_columns, marked=content.marked
    )


def _title(run: ReportedRun, metric: str, title: str) -> str:
    return f"{title} at {run.surface_dice_tolerance_mm:g} mm" if metric == SURFACE_DICE else title
