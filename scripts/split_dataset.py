"""Divide the data set's rows into Train, Val and Test."""

import argparse
import json
from pathlib import Path

from innereye.io.files import write_table
from innereye.jobs import job_log
from innereye.workflow import load_plan

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--config", type=json.loads, required=True, help="the config, as JSON")
parser.add_argument("--basedir", type=Path, required=True, help="folder of the Snakefile")
parser.add_argument("--fold", type=int, required=True, help="fold, or -1 for none")
parser.add_argument("--train_csv", type=Path, required=True)
parser.add_argument("--val_csv", type=Path, required=True)
parser.add_argument("--test_csv", type=Path, required=True)
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

with job_log(args.log):
    splits = load_plan(args.config, basedir=args.basedir).splits(args.fold)
    write_table(args.train_csv, splits.train)
    write_table(args.val_csv, splits.val)
    write_table(args.test_csv, splits.test)
