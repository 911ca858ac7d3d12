"""Every program beside this file prints its table; none of them judges the clock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = sorted(Path(__file__).parent.glob("bench_*.py"))
pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.stem for program in PROGRAMS])
def test_the_table_is_printed(program, repository):
    folders = [str(repository / name) for name in ("scripts", "tests")]
    library = os.pathsep.join([*folders, os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, program], check=True, env=os.environ | {"PYTHONPATH": library})
