"""Write the rows of Train, Val or Test, after a look at what is new in the data set."""

import argparse
import json
from pathlib import Path

from innereye.io.files import write_table
from innereye.jobs import job_log
from innereye.names import Split
from innereye.workflow.clean_data import require_clean_data
from innereye.workflow.load import claim_folder, load_plan

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--config", type=json.loads, required=True, help="the config, as JSON")
parser.add_argument("--basedir", type=Path, required=True, help="folder of the Snakefile")
parser.add_argument("--fold", type=int, required=True, help="fold, or -1 for none")
parser.add_argument("--part", choices=["train", "val", "test"], required=True)
parser.add_argument("--table", type=Path, required=True, help="the file to write")
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

with job_log(args.log):
    plan = load_plan(args.config, basedir=args.basedir)
    require_clean_data(plan)
    claim_folder(plan)
    write_table(args.table, plan.dataset.splits(args.fold)[Split(args.part.capitalize())])
