"""What should somebody know who wants to use a model? Its card, made from the run's own files."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.card import CardSettings
from innereye.io.files import atomic_write
from innereye.names import Split
from innereye.reports.markdown import blocks, bullets, escaped, facts
from innereye.reports.model_card_data import parts_table, spacings_of
from innereye.reports.model_card_limits import limits_of_data, limits_of_scores
from innereye.reports.model_card_model import (
    OF_INFERENCE,
    OF_TRAINING,
    epochs_table,
    input_and_output,
    settings_table,
    version_rows,
)
from innereye.reports.model_card_run import CardRun, read_card_run
from innereye.reports.model_card_scores import scores_section

logger = logging.getLogger(__name__)

WARNING = (
    "> **Not a medical device.** This model is the result of research software. Nobody has certified "
    "it, and no result of it may serve for the diagnosis or treatment of a person unless those who "
    "use it have tested it for that purpose and are allowed to use it so."
)
MADE_BY = (
    "All scores and counts come from the files of the run that made the model. This file is written "
    "anew when they change: fill in a copy of it. Code and software are those at the time of writing."
)
UNKNOWN_USE = "No file of the run says so. Whoever passes the model on answers here:"
BLANKS = (
    *("Purpose", "People who use it", "Patients, scanners and protocols that it is meant for"),
    *("What it must not be used for", "Where the data come from, and consent or ethics approval"),
    *("Who drew the structures, and by which rules", "Licence", "Contact"),
)
BLANK = "________________ *(to be filled in)*"
NEVER_EVALUATED = (
    "How well people agree with each other on these data, use in a clinic, and images "
    "from scanners, protocols, institutions or patients other than those counted above."
)
NONE_FOUND = "The files of the run show none, which does not mean that there is none."
NOT_SCORED = "There are no scores."
NO_PART = "no scores on subjects that had no part in making the model"
FIELDS_NOTE = "Fields that are not listed have their default. args.txt of the run has all of them."
CROPS_NOTE = "Dice on crops is that of the training, not of full images."


def write_model_card(
    card: Path,
    *,
    run_folder: Path,
    scored: Mapping[Split, Sequence[Path]],
    members: Sequence[Path],
    epochs: Sequence[int],
    settings: CardSettings,
    named: Mapping[str, str],
    epoch_json: Path | None,
) -> None:
    """Write the card of a run's model, or of an ensemble, as Markdown.

    `scored`: the run folders whose scores on a split count, several where each scored a part of it; a
    split that was not segmented is not in it. `members`: the run folders of the trainings.
    `epoch_json` says which epoch an ensemble reports.

    Raises:
        InnerEyeError: a table of the run is missing or cannot be read.
    """
    run = read_card_run(
        run_folder,
        scored=scored,
        members=members,
        epochs=epochs,
        has_epoch_from=epoch_json,
    )
    with atomic_write(card) as temporary:
        text = card_text(run, settings=settings, named=named)
        temporary.write_text(text, encoding="utf-8", newline="\n")
    logger.info("Wrote %s.", card)


def card_text(run: CardRun, *, settings: CardSettings, named: Mapping[str, str]) -> str:
    """Return the card as Markdown.

    `named`: Model, Data set, Data set hash, Code (fingerprints), Expected spacing (x, y, z in mm, or
    empty), and for an ensemble Ensemble (what it is of).
    """
    sections = [
        f"# Model card: {escaped(named['Model'])}",
        WARNING,
        MADE_BY,
        "## Model",
        facts(model_rows(run, named)),
        "## Intended use",
        UNKNOWN_USE,
        bullets(f"{name}: {BLANK}" for name in BLANKS),
        "## Input and output",
        input_section(run, settings, named),
        "## Data",
        facts(data_rows(named)),
        parts_table(run.parts),
        "## Results",
        "" if run.scored else NOT_SCORED,
        *(scores_section(scored, settings=settings) for scored in run.scored),
        "## Limitations found",
        bullets(limitations(run, settings)) or NONE_FOUND,
        "## Not evaluated",
        bullets(not_evaluated(run)),
        "## Training",
        settings_table(settings, OF_TRAINING),
        FIELDS_NOTE,
        epochs_table(run.epoch_tables, epoch=run.epoch),
        CROPS_NOTE,
    ]
    return blocks(sections) + "\n"


def model_rows(run: CardRun, named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the model is, when it was trained, and with which versions."""
    kind = f"ensemble of {named['Ensemble']}" if run.is_ensemble else run.kind
    return [
        ("Model", named["Model"]),
        ("Kind", kind),
        ("Epoch", f"{run.epoch} ({run.reason})"),
        ("Trained until", f"{run.trained_until:%Y-%m-%d} (UTC, time of the checkpoint)"),
        *version_rows(run.git, run.versions, code=named["Code"]),
    ]


def data_rows(named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return which data set it was, and the hash of its table and files."""
    return [("Data set", named["Data set"]), ("Hash of table and files", named["Data set hash"])]


def input_section(run: CardRun, settings: CardSettings, named: Mapping[str, str]) -> str:
    """Return what the model takes and gives, and the fields of its inference."""
    content = input_and_output(
        settings,
        expected_spacing_xyz=named["Expected spacing"],
        spacings_zyx_mm=spacings_of([path for scored in run.scored for path in scored.manifests]),
    )
    return blocks([content, settings_table(settings, OF_INFERENCE)])


def limitations(run: CardRun, settings: CardSettings) -> list[str]:
    """Return what the files of the run show of the limits of the model."""
    sentences = limits_of_data(run.parts, list(settings.ground_truth_ids))
    for scored in run.scored:
        sentences += limits_of_scores(scored, run.parts, outlier_range=settings.outlier_range)
    if run.is_ensemble:
        sentences.append(
            f"Each subject of Train and Val was seen in training by all but one of the "
            f"{len(run.epoch_tables)} members: only Test says how good the ensemble is."
        )
    return sentences


def not_evaluated(run: CardRun) -> list[str]:
    """Return which splits have no scores, and what no run evaluates."""
    sizes = {scored.split: len(scored.subjects) for scored in run.scored}
    sentences: list[str] = []
    for split, what in ((Split.TEST, f": there are {NO_PART}"), (Split.VAL, "")):
        if not sizes.get(split):
            reason = "has no subjects" if split in sizes else "was not segmented"
            sentences.append(f"{split} {reason}{what}.")
    return [*sentences, NEVER_EVALUATED]
