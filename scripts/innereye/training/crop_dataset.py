"""Which crop is number i of an epoch? A function of the seed, the fold, the epoch and i."""

from collections.abc import Sequence

from torch.utils.data import Dataset

from innereye.data.crops import crop_slices, draw_class
from innereye.training.augmentation import Augmentation
from innereye.training.crop_batch import Crop
from innereye.training.crop_store import StoredSubject
from innereye.training.random_draws import Draws, Stream

CropKey = tuple[int, int]


class CropDataset(Dataset[Crop]):
    """Crops by key (epoch, index), epochs counted from 0; crop `i` is of subject `i // repeats`.

    Without an augmentation the crops are those of validation: the same in every epoch, unchanged.
    """

    def __init__(
        self,
        subjects: Sequence[StoredSubject],
        *,
        crop_size: tuple[int, int, int],
        class_weights: Sequence[float] | None,
        draws: Draws,
        crops_per_subject: int = 1,
        augmentation: Augmentation | None = None,
    ) -> None:
        self._subjects = subjects
        self._crop_size = crop_size
        self._class_weights = class_weights
        self.draws = draws
        self._crops_per_subject = crops_per_subject
        self._augmentation = augmentation

    def __len__(self) -> int:
        return len(self._subjects) * self._crops_per_subject

    def __getitem__(self, key: CropKey) -> Crop:
        """Return a crop; its arrays are views of files.

        Raises:
            ImageError: the subject has no voxel of a class with a weight above 0.
        """
        epoch, index = key
        subject = self._subjects[index // self._crops_per_subject]
        is_training = self._augmentation is not None
        stream = Stream.TRAIN_CROP if is_training else Stream.VAL_CROP
        generator = self.draws.generator(stream, epoch=epoch if is_training else 0, index=index)
        chosen = draw_class(subject.class_counts, self._class_weights, generator)
        rank = int(generator.integers(subject.class_counts[chosen]))
        centre = subject.class_voxels(chosen).voxel(rank)
        place = crop_slices(centre, self._crop_size, subject.size_zyx)
        mask = subject.mask()
        change = None
        if self._augmentation is not None:
            changing = self.draws.generator(Stream.TRAIN_CHANGE, epoch=epoch, index=index)
            change = self._augmentation.draw(changing)
        return Crop(
            subject=subject.subject,
            image=subject.image()[(slice(None), *place)],
            labels=subject.labels()[(slice(None), *place)],
            mask=None if mask is None else mask[place],
            spacing_zyx_mm=subject.spacing_zyx_mm,
            change=change,
            has_structure=subject.has_structure,
        )
