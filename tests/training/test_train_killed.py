"""Does a training that was killed end as if nothing had happened? With real processes and SIGKILL."""

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from innereye.training.train import train
from training_files import files_of
