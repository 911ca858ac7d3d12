"""Train one model or one fold."""

import argparse
import os
from pathlib import Path

from innereye.jobs import job_log
from innereye.training.place import is_follower

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--train_csv", type=Path, required=True)
parser.add_argument("--val_csv", type=Path, required=True)
parser.add_argument("--run_folder", type=Path, required=True, help="folder of the results")
parser.add_argument("--fold", type=int, default=-1, help="fold, or -1 for none")
parser.add_argument("--settings", required=True, help="fields of the training, as JSON")
parser.add_argument("--machine", default="{}", help="fields of the machine, as JSON")
parser.add_argument("--config", help="the config of a scalar model, as JSON")
parser.add_argument("--basedir", type=Path, default=Path(), help="folder of the Snakefile")
parser.add_argument("--fingerprint", required=True, help="hash of the code and the rows")
parser.add_argument("--initial_checkpoint", type=Path, help="go on from one of another training")
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

# The process of a further GPU writes no files.
with job_log(os.devnull if is_follower(os.environ) else args.log):
    from innereye.training.job import train_of_job

    train_of_job(**vars(args))
