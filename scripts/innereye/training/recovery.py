"""What does a training keep so that a killed one can continue, and how do its results get out?"""

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from innereye.errors import CheckpointError, InnerEyeError
from innereye.io.files import atomic_write
from innereye.names import (
    CHECKPOINTS,
    EPOCH_METRICS_CSV,
    LAST_CHECKPOINT,
    Split,
    epoch_checkpoint,
)
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.recovery_lock import LOCK_FILE, lock

logger = logging.getLogger(__name__)

RECOVERY = "recovery"
FINGERPRINT = "fingerprint.txt"
# What a training that found this folder held would have been, when an orphan of a killed run trains.
WANTED = "wanted.txt"
# Two files take turns, so that one whole checkpoint exists whatever happens to the other.
AUTOSAVES = ("autosave.ckpt", "autosave-v1.ckpt")


@dataclass(frozen=True)
class Recovery:
    """The undeclared folder of a run that holds everything while training runs."""

    run_folder: Path

    @property
    def folder(self) -> Path:
        """Place of all files."""
        return self.run_folder / RECOVERY

    @property
    def crops(self) -> Path:
        """Folder of the normalised images."""
        return self.folder / "crops"

    @property
    def checkpoints(self) -> Path:
        """Folder of all checkpoints."""
        return self.folder / CHECKPOINTS

    def epoch_metrics(self, split: Split) -> Path:
        """Place of a split's epoch_metrics.csv."""
        return self.folder / split / EPOCH_METRICS_CSV

    def test_checkpoint(self, epoch: int) -> Path:
        """Place of the checkpoint of a test epoch, counted from 1."""
        return self.checkpoints / epoch_checkpoint(epoch)

    def autosave(self, count: int) -> Path:
        """Place of the recovery checkpoint with this running number."""
        return self.checkpoints / AUTOSAVES[count % len(AUTOSAVES)]

    def needed(self, finished: int, test_epochs: Sequence[int]) -> list[Path]:
        """Return the files without which a checkpoint after this epoch is of no use."""
        tables = [self.epoch_metrics(split) for split in (Split.TRAIN, Split.VAL)]
        return [*tables, *(self.test_checkpoint(test) for test in test_epochs if test <= finished)]

    def outputs(self, test_epochs: Sequence[int]) -> list[Path]:
        """Return the files that a finished training hands over."""
        return [
            *(self.test_checkpoint(epoch) for epoch in test_epochs),
            self.checkpoints / LAST_CHECKPOINT,
            *(self.epoch_metrics(split) for split in (Split.TRAIN, Split.VAL)),
        ]

    def publish(self, test_epochs: Sequence[int]) -> None:
        """Give the run folder its declared outputs, then remove this folder.

        Each file is linked, then renamed into place: a kill in between loses nothing here.
        """
        wanted, trained = (self.folder / name for name in (WANTED, FINGERPRINT))
        if wanted.is_file() and wanted.read_text("utf-8") != trained.read_text("utf-8"):
            raise InnerEyeError(
                f"While this training ran, another one with other settings, data or code was asked for "
                f"in {self.run_folder}; its results are not handed over. Start the other one again."
            )
        for source in self.outputs(test_epochs):
            with atomic_write(self.run_folder / source.relative_to(self.folder)) as temporary:
                _link_or_copy(source, temporary)
        (self.folder / FINGERPRINT).unlink()  # a half-removed folder is not trusted
        shutil.rmtree(self.folder)


@contextmanager
def open_recovery(run_folder: Path, fingerprint: str) -> Iterator[Recovery]:
    """Hold the recovery folder of a run; leftovers of a training with another fingerprint go.

    Raises:
        InnerEyeError: another process trains in this run folder.
    """
    recovery = Recovery(run_folder)
    wanted = recovery.folder / WANTED
    with lock(recovery.folder, if_held=lambda: wanted.write_text(fingerprint, encoding="utf-8")):
        wanted.unlink(missing_ok=True)
        written = recovery.folder / FINGERPRINT
        if not written.is_file() or written.read_text(encoding="utf-8") != fingerprint:
            if written.is_file():
                logger.info(
                    "%s belongs to a training with other settings, data or code; training starts anew.",
                    recovery.folder,
                )
            _empty(recovery.folder)
            with atomic_write(written) as temporary:
                temporary.write_text(fingerprint, encoding="utf-8")
        for half_written in recovery.folder.glob("**/.*/"):
            shutil.rmtree(half_written)
        yield recovery


def resume_points(
    recovery: Recovery, test_epochs: Sequence[int], epochs_with_metrics: int
) -> dict[int, Path]:
    """Return the checkpoints from which a training can continue, by their finished epochs.

    A checkpoint counts when it is whole, and when everything is there that a training would have
    written before it: the rows of the epochs, and the checkpoints of earlier test epochs.
    """
    whole: dict[Path, int] = {}
    for path in sorted(recovery.checkpoints.glob("*.ckpt")):
        try:
            whole[path] = int(load_checkpoint(path)["epoch"])
        except CheckpointError as error:
            logger.warning("A recovery checkpoint is left out: %s", error)
    points: dict[int, Path] = {}
    for path, epoch in whole.items():
        needed = [recovery.test_checkpoint(test) for test in test_epochs if test <= epoch]
        if epoch <= epochs_with_metrics and all(test in whole for test in needed):
            points.setdefault(epoch, path)
    return points


def _empty(folder: Path) -> None:
    """Delete all but the lock; the fingerprint first, so that a half-emptied folder is not trusted."""
    (folder / FINGERPRINT).unlink(missing_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK_FILE:
            entry.unlink()


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
