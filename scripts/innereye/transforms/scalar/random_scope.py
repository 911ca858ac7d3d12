"""Which random numbers does a transform draw that uses the generators of the whole process?"""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

LEGACY_WORDS = 8  # 32-bit words that seed numpy's global generator


@contextmanager
def random_scope(seed: int) -> Iterator[None]:
    """Seed the global generators of Python, numpy and torch's CPU; afterwards, they stand as before.

    What runs inside gives the same bytes in any process, whatever was drawn before. It has one
    thread: the last bits of a sum depend on their number, which is not that of a worker. The seed is
    a whole number from 0 to 2**63 - 1. Generators of GPUs are left alone: images are changed on the
    CPU.
    """
    words = np.random.SeedSequence(seed).generate_state(LEGACY_WORDS)
    state_of_python, state_of_numpy = random.getstate(), np.random.get_state()
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        try:
            random.seed(seed)
            np.random.seed(words)
            # torch.manual_seed would seed the GPUs, too.
            torch.default_generator.manual_seed(seed)
            torch.set_num_threads(1)
            yield
        finally:
            torch.set_num_threads(threads)
            np.random.set_state(state_of_numpy)
            random.setstate(state_of_python)
