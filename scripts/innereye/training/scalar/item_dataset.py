"""Which item is number i of an epoch, and how is it changed? A function of seed, fold, epoch and i."""

from collections.abc import Sequence

import torch
from torch.utils.data import Dataset

from innereye.names import Split
from innereye.training.random_draws import Draws, Stream
from innereye.training.scalar.item_batch import ItemSample
from innereye.training.scalar.item_store import StoredItem
from innereye.transforms.scalar.item_transform import ItemTransform

ItemKey = tuple[int, int]
MOST_SEEDS = 2**62


class ItemDataset(Dataset[ItemSample]):
    """Items by key (epoch, index), epochs counted from 0; those of Val are the same in every epoch."""

    def __init__(
        self, items: Sequence[StoredItem], *, transform: ItemTransform, draws: Draws
    ) -> None:
        self._items = items
        self._transform = transform
        self._draws = draws

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, key: ItemKey) -> ItemSample:
        """Return an item after its changes; ConfigError for a transform that gives no image."""
        epoch, index = key
        item = self._items[index]
        images = item.images()
        changed: tuple[torch.Tensor | None, torch.Tensor | None] = (None, None)
        if images is not None:
            changed = self._transform(images, item.segmentations(), seed=self._seed(epoch, index))
        return ItemSample(item.subject, *changed, features=item.features, label=item.label)

    def _seed(self, epoch: int, index: int) -> int:
        is_training = self._transform.split is Split.TRAIN
        stream = Stream.TRAIN_CHANGE if is_training else Stream.VAL_CHANGE
        generator = self._draws.generator(stream, epoch=epoch if is_training else 0, index=index)
        return int(generator.integers(MOST_SEEDS))
