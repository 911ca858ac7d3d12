"""Bring the segmentation of a scan into the user's folder, beside those that lie there."""

import argparse
from pathlib import Path

from innereye.io.links import move_beside
from innereye.jobs import job_log

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("files", type=Path, nargs="+")
parser.add_argument("--folder", type=Path, required=True)
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

with job_log(args.log):
    move_beside(args.files, args.folder)
