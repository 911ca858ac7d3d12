"""Which batches make up the epochs, and how long does the network wait for them?"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch.utils.data import DataLoader, Dataset, Sampler

from innereye.training.crop_batch import collate
from innereye.training.place import Place
from innereye.training.random_draws import Draws, Stream
from innereye.training.socket_folder import keep_sockets_short

Key = tuple[int, int]


class EpochBatches(Sampler[list[Key]]):
    """Keys (epoch, index) of the crops, or items, of each batch, over many epochs.

    The order of an epoch, counted from 0, is drawn from the seed, the fold and the epoch alone. With
    `chances`, which add up to 1, as many are drawn with replacement, each by its own chance.
    Several processes take `batch_size` crops each in a step: parts of one batch, in one order. An
    epoch has at most `limit` batches; None and 0 are no limit.
    """

    def __init__(
        self,
        num_crops: int,
        *,
        epochs: Sequence[int],
        batch_size: int,
        drop_last: bool = False,
        limit: int | None = None,
        shuffled_by: Draws | None = None,
        chances: np.ndarray | None = None,
        place: Place | None = None,
    ) -> None:
        self._num_crops = num_crops
        self._epochs = epochs
        self._place = place or Place()
        self._batch_size = batch_size * self._place.size
        self._shuffled_by = shuffled_by
        self._chances = chances
        full, rest = divmod(num_crops, self._batch_size)
        all_of_them = full + (1 if rest and not drop_last else 0)
        self.batches_per_epoch = min(limit or all_of_them, all_of_them)

    def __len__(self) -> int:
        return self.batches_per_epoch * len(self._epochs)

    def __iter__(self) -> Iterator[list[Key]]:
        for epoch in self._epochs:
            order = self._order(epoch)
            for batch in range(self.batches_per_epoch):
                chosen = order[batch * self._batch_size : (batch + 1) * self._batch_size]
                # Who has no part of a small last batch takes a crop that weighs nothing: all
                # processes must take the step together.
                part = self._part(chosen) if self.weight(batch) else chosen[:1]
                yield [(epoch, int(index)) for index in part]

    def _order(self, epoch: int) -> np.ndarray:
        order = np.arange(self._num_crops)
        if self._shuffled_by is None:
            return order
        generator = self._shuffled_by.generator(Stream.ORDER, epoch=epoch)
        if self._chances is not None:
            return generator.choice(order, size=len(order), p=self._chances)
        generator.shuffle(order)
        return order

    def weight(self, batch: int) -> float:
        """Return what a crop of this process weighs in the mean over the processes' mean losses.

        It is 1 where all parts are of one size, and makes each crop of the step count alike.
        """
        crops = min(self._batch_size, self._num_crops - batch * self._batch_size)
        return len(self._part(np.arange(crops))) * self._place.size / crops

    def _part(self, chosen: np.ndarray) -> np.ndarray:
        return np.array_split(chosen, self._place.size)[self._place.rank]


class EpochStream:
    """The batches of one epoch per iteration, out of one loader that runs through all epochs.

    Workers therefore cut the first crops of an epoch while the one before is being validated.
    """

    def __init__(
        self,
        dataset: Dataset[Any],
        batches: EpochBatches,
        *,
        collate_fn: Callable[[Sequence[Any]], Any] = collate,
        num_workers: int,
        pin_memory: bool,
        start_method: str | None = None,
    ) -> None:
        if num_workers:
            keep_sockets_short()
        self._loader = DataLoader(
            dataset,
            batch_sampler=batches,
            collate_fn=collate_fn,
            num_workers=num_workers,
            pin_memory=pin_memory,
            multiprocessing_context=start_method if num_workers else None,
        )
        self._batches = batches
        self._running: Iterator[Any] | None = None
        self.waited_s = 0.0

    def __len__(self) -> int:
        return self._batches.batches_per_epoch

    def begin_anew(self) -> None:
        """Begin with the first epoch again."""
        self._running = None

    def __iter__(self) -> Iterator[Any]:
        self.waited_s = 0.0
        for step in range(len(self)):
            start = time.perf_counter()
            if self._running is None:
                self._running = iter(self._loader)
            batch = next(self._running)
            self.waited_s += time.perf_counter() - start
            weight = self._batches.weight(step)
            yield batch if weight == 1.0 else replace(batch, weight=weight)
