from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import CheckpointError
from innereye.training.checkpoint_file import DeterministicCheckpointIO, load_checkpoint


def checkpoint(word: str) -> dict:
    weights = torch.arange(6.0).reshape(2, 3)
    return {
        "epoch": 3,
        "loops": object(),
        "state_dict": {word: weights},
        "names": [word, (word, 1)],
    }


def save(path: Path, contents: dict) -> bytes:
    DeterministicCheckpointIO().save_checkpoint(contents, path)
    return path.read_bytes()


def test_a_checkpoint_comes_back_without_the_counters_of_lightning(tmp_path):
    save(tmp_path / "a.ckpt", checkpoint("weight"))
    loaded = load_checkpoint(tmp_path / "a.ckpt")
    assert loaded.keys() == {"epoch", "state_dict", "names"}
    assert torch.equal(loaded["state_dict"]["weight"], torch.arange(6.0).reshape(2, 3))


def test_equal_contents_give_equal_bytes_whatever_the_name_and_the_objects(tmp_path):
    same = "weight"
    other = "".join(["wei", "ght"])
    shared = checkpoint(same)
    distinct = checkpoint(other)
    distinct["names"] = ["".join(["wei", "ght"]), ("".join(["weig", "ht"]), 1)]
    distinct["state_dict"][other] = (
        torch.arange(6.0).reshape(3, 2).t().contiguous().t().reshape(2, 3)
    )
    distinct["state_dict"] = {other: torch.arange(6.0).reshape(2, 3).t().contiguous().t()}
    (tmp_path / "deep").mkdir()
    assert save(tmp_path / "a.ckpt", shared) == save(tmp_path / "deep" / "last.ckpt", distinct)


def test_other_contents_give_other_bytes(tmp_path):
    assert save(tmp_path / "a.ckpt", checkpoint("a")) != save(tmp_path / "b.ckpt", checkpoint("b"))


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_changes_a_number_unseen(tmp_path_factory, where, bit):
    path = tmp_path_factory.mktemp("flip") / "a.ckpt"
    content = bytearray(save(path, checkpoint("weight")))
    content[int(where * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        loaded = load_checkpoint(path)
    except CheckpointError:
        return
    assert torch.equal(loaded["state_dict"]["weight"], torch.arange(6.0).reshape(2, 3))
    assert loaded["epoch"] == 3


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(tmp_path, share):
    content = save(tmp_path / "a.ckpt", checkpoint("weight"))
    (tmp_path / "a.ckpt").write_bytes(content[: int(share * len(content))])
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"gone\.ckpt does not exist"):
        load_checkpoint(tmp_path / "gone.ckpt")
