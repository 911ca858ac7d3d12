"""How does a network learn to classify, or to estimate? From two tables of items to checkpoints."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.names import Split
from innereye.training.learn import learn, require_a_batch
from innereye.training.optimizers import build_optimizer
from innereye.training.processes import together
from innereye.training.random_draws import Draws
from innereye.training.recovery import Recovery
from innereye.training.scalar.item_store import fill_item_store
from innereye.training.scalar.item_task import build_item_network, item_task, log_labels
from innereye.training.scalar.training_items import TrainingItems, read_training_items
from innereye.training.settings_slice import arguments_for
from innereye.training.task import Task
from innereye.training.warm_start import SCALAR_FIELDS, Start, start_from


def train_items(
    *,
    train_csv: Path,
    val_csv: Path,
    run_folder: Path,
    log_folder: Path,
    fold: int,
    settings: ScalarTrainSettings,
    model: ScalarModelBase,
    fingerprint: str,
    initial_checkpoint: Path | None = None,
    check: Callable[[], object] = bool,
) -> None:
    """Train the network of a scalar model, as `training.train.train` does that of a segmentation.

    `model` is asked for its hooks: a network, transforms, a loss of its own. A checkpoint also holds
    the categories and scales of the features, and the size of the images.

    Raises:
        InnerEyeError: settings or data cannot be used, the loss is not finite, or another process
            trains in the run folder.
    """
    with together(num_nodes=settings.num_nodes, max_num_gpus=settings.max_num_gpus) as processes:
        if processes.place.leads_node:
            check()
        data = read_training_items(train_csv, val_csv, settings=settings, model=model)
        items = len(data.items[Split.TRAIN])
        require_a_batch(items, settings, processes.place.size, units="items")
        log_labels(data.items, settings)
        learn(
            partial(_task, data=data, settings=settings, model=model, fold=fold),
            processes=processes,
            run_folder=run_folder,
            log_folder=log_folder,
            fold=fold,
            settings=settings,
            fingerprint=fingerprint,
            start=_start(initial_checkpoint, settings, model, data),
        )


def _task(
    recovery: Recovery,
    *,
    data: TrainingItems,
    settings: ScalarTrainSettings,
    model: ScalarModelBase,
    fold: int,
) -> Task:
    """Return the task, once the images of its items are stored."""
    stored = {
        split: fill_item_store(
            recovery.crops / split,
            items,
            data.files,
            num_workers=settings.num_dataload_workers,
            one_size=not data.has_transform,
        )
        for split, items in data.items.items()
    }
    draws = Draws(settings.random_seed, fold)
    return item_task(stored, data, settings=settings, model=model, draws=draws)


def _start(
    checkpoint: Path | None,
    settings: ScalarTrainSettings,
    model: ScalarModelBase,
    data: TrainingItems,
) -> Start:
    if checkpoint is None:
        return Start()
    network = build_item_network(settings, model, data, seed=0)
    return start_from(
        checkpoint,
        network=network,
        optimizer=build_optimizer(network.parameters(), **arguments_for(build_optimizer, settings)),
        num_epochs=settings.num_epochs,
        test_epochs=settings.test_epochs or [],
        structures=[],
        fields=SCALAR_FIELDS,
    )
