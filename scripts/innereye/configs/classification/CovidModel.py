"""How severe is a pneumonia in a chest X-ray? Four classes of which each image has one."""

import random
from typing import Any, Self

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.subject_lists import SubjectLists
from innereye.configs.values import Bool, OptionalPath
from innereye.errors import DatasetError
from innereye.io.files import read_table

# InnerEye's rates, from nothing and from a pretrained encoder.
SEED_OF_VAL, PARTS_OF_VAL = 42, 9
RATE_FROM_NOTHING, RATE_PRETRAINED = 1e-4, 1e-5


class CovidModel(ScalarModelBase):
    """Classes CVX0 to CVX3 of X-rays; a ResNet-50, whose weights may come from a checkpoint of yours."""

    use_pretrained_model: Bool = False
    """Take the weights of the encoder from name_of_checkpoint."""
    name_of_checkpoint: OptionalPath = None
    """Checkpoint with the weights of a ResNet-50, such as one of a self-supervised training."""
    test_set_ids_csv: OptionalPath = None
    """Table with a column of the series that are Test; no series of their subjects is in Train or Val."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": "id-of-your-dataset",
                "subject_column": "series",
                "image_file_column": "filepath",
                "label_value_column": "final_label",
                "class_names": [f"CVX{number}" for number in range(4)],
                "loss_type": "ExclusiveCrossEntropyWithLogits",
                "architecture": "ResNet50",
                "group_column": "subject",
                "num_epochs": 50,
                "train_batch_size": 64,
                "num_dataload_workers": 12,
                "max_num_gpus": 1,
                "l_rate": RATE_FROM_NOTHING,
                # A step that changes nothing: the rate is constant.
                "l_rate_scheduler": "Step",
                "l_rate_step_gamma": 1.0,
                "split_proportions": (0.8, 0.1, 0.1),
                "inference_on_val_set": True,
                "ensemble_inference_on_val_set": True,
                **values,
            }
        )

    def get_model_train_test_dataset_splits(self, dataset_df: Any) -> SubjectLists | None:
        """Return Test as test_set_ids_csv lists it, and divide the series of all other subjects.

        A ninth of them is Val, after a shuffle that is always the same.
        """
        if self.test_set_ids_csv is None:
            return None
        test = list(dict.fromkeys(read_table(self.test_set_ids_csv)[self.subject_column]))
        subject_of = dict(zip(dataset_df[self.subject_column], dataset_df["subject"], strict=True))
        if missing := [series for series in test if series not in subject_of]:
            raise DatasetError(
                f"{self.test_set_ids_csv} lists {len(missing)} series that the data set lacks, such as "
                f"{missing[0]}."
            )
        tested = {subject_of[series] for series in test}
        rest = sorted(series for series, subject in subject_of.items() if subject not in tested)
        random.Random(SEED_OF_VAL).shuffle(rest)
        number = len(rest) // PARTS_OF_VAL
        return SubjectLists(train=rest[number:], test=test, val=rest[:number])

    def complaints(self) -> list[str]:
        """Return what is wrong between the fields, one sentence each."""
        has_file = self.name_of_checkpoint is not None or not self.use_pretrained_model
        lacks = [] if has_file else ["use_pretrained_model needs name_of_checkpoint."]
        return [*lacks, *super(CovidModel, self._encoded()).complaints()]

    def derive(self) -> Self:
        """Return a copy in which fields left None are worked out from the others."""
        return super(CovidModel, self._encoded()).derive()

    def _encoded(self) -> Self:
        """Return a copy with the encoder's weights and rate, where they are not stated."""
        if not self.use_pretrained_model or self.name_of_checkpoint is None:
            return self
        rate = {} if self.l_rate != RATE_FROM_NOTHING else {"l_rate": RATE_PRETRAINED}
        return self.override({"pretrained_encoder": str(self.name_of_checkpoint), **rate})
