"""Segment the full images of a split with one checkpoint, or with an ensemble of several."""

import argparse
from pathlib import Path

from innereye.configs.stages.segment import EnsembleSettings
from innereye.data.check_before_reading import check_before_reading
from innereye.jobs import job_log, job_settings

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
parser.add_argument("--split_csv", type=Path, required=True)
parser.add_argument("--segmentations", type=Path, required=True, help="list of what is written")
parser.add_argument("--settings", required=True, help="fields of the inference, as JSON")
parser.add_argument("--machine", default="{}", help="fields of the machine, as JSON")
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

with job_log(args.log):
    settings = job_settings(EnsembleSettings, args.settings, args.machine)
    check_before_reading(settings, [args.split_csv])
    from innereye.inference.segment import segment

    segment(
        checkpoints=args.checkpoints,
        split_csv=args.split_csv,
        output_folder=args.segmentations.parent,
        settings=settings,
    )
