"""Do jobs that share a machine take different GPUs?"""

import pytest
import torch

from innereye.models.device import claimed_device, claimed_index


def test_each_holder_gets_another_and_the_rest_share_the_first(tmp_path, caplog):
    with claimed_index(["a", "b"], tmp_path) as first, claimed_index(["a", "b"], tmp_path) as next_:
        assert (first, next_) == (0, 1)
        with claimed_index(["a", "b"], tmp_path) as third:
            assert third == 0
        assert "All 2 GPUs are held" in caplog.text


def test_what_was_held_is_free_again_even_after_an_error(tmp_path):
    with pytest.raises(RuntimeError), claimed_index(["a", "b"], tmp_path):
        raise RuntimeError
    with claimed_index(["a", "b"], tmp_path) as index:
        assert index == 0


def test_no_gpu_is_taken_where_none_is_allowed(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with claimed_device(0) as device:
        assert device == torch.device("cpu")


def test_the_cpu_serves_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with claimed_device(-1) as device:
        assert device == torch.device("cpu")
