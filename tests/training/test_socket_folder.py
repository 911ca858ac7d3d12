import os
import subprocess
import sys

import pytest

PROGRAM = """
import torch
from innereye.training.epoch_stream import EpochBatches, EpochStream

class Numbers(torch.utils.data.Dataset):
    def __getitem__(self, key):
        return torch.ones(4)

stream = EpochStream(Numbers(), EpochBatches(2, epochs=[0], batch_size=1), num_workers=1, pin_memory=False)
stream._loader.collate_fn = torch.stack
for batch in stream:
    print("batch", batch.sum().item())
"""


@pytest.mark.parametrize("length", [0, 120])
def test_batches_of_workers_arrive_however_long_the_name_of_the_temporary_folder_is(
    tmp_path, length
):
    folder = tmp_path / ("t" * length)
    folder.mkdir(exist_ok=True)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.split("\n")[:2] == ["batch 4.0"] * 2, ended.stderr
