"""Where do data workers open their sockets? In a folder whose name is short enough for one.

The address of a socket has at most 107 bytes. Below a longer TMPDIR, as clusters have them, a worker
cannot hand over its batches, and the training would wait for them forever.
"""

import os
import tempfile
from multiprocessing.util import get_temp_dir

LONGEST = 107 - len("/pymp-12345678/listener-12345678")
SHORT = "/tmp"  # below it, a folder with a name of its own is made


def keep_sockets_short() -> str:
    """Return the folder of sockets of this process and of those that it starts, made at need."""
    stated = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST:
        tempfile.tempdir = SHORT
    try:
        return get_temp_dir()
    finally:
        tempfile.tempdir = stated
