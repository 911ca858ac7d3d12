"""Serve until Ctrl-C: `python -m azureml_emulator [--port N] [--root FOLDER]` prints what to export."""

import argparse
import contextlib
import shlex
import sys
import tempfile
import threading

from azureml_emulator.emulator import Emulator


def main() -> None:
    """Start an emulator, print its environment as lines of shell, and wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--root", help="folder of all blobs; default: a new one")
    options = parser.parse_args()
    root = options.root or tempfile.mkdtemp(prefix="azureml-emulator-")
    with Emulator(root, options.port) as emulator, contextlib.suppress(KeyboardInterrupt):
        for name, value in emulator.environment().items():
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
