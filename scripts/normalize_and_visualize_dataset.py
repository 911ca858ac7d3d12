"""Draw each subject of a data set before and after its normalisation."""

import argparse
import json
from pathlib import Path

from innereye.configs.stages.normalized_images import NormalizedImagesSettings
from innereye.jobs import job_log
from innereye.reports.normalized_images import normalize_and_visualize_dataset
from innereye.workflow.described_data import rows_of_data, settings_of
from innereye.workflow.load import load_plan

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=json.loads, required=True, help="the config, as JSON")
    parser.add_argument("--basedir", type=Path, required=True, help="folder of the Snakefile")
    parser.add_argument("--index", type=Path, required=True, help="table in the folder to write")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--log", type=Path, required=True)
    args = parser.parse_args()

    with job_log(args.log):
        plan = load_plan(args.config, basedir=args.basedir)
        normalize_and_visualize_dataset(
            rows_of_data(plan),
            settings=settings_of(plan, NormalizedImagesSettings),
            folder=args.index.parent,
            workers=args.workers,
        )
