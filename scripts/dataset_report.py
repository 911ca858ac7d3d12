"""Report what is in a data set, and what in it deserves a look."""

import argparse
import json
from pathlib import Path

from innereye.configs.stages.dataset_report import DatasetReportSettings
from innereye.jobs import job_log
from innereye.reports.dataset_report import ReportFiles, dataset_report
from innereye.workflow.described_data import (
    facts_of_data,
    rows_of_data,
    settings_of,
    split_of_subjects,
)
from innereye.workflow.load import load_plan

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=json.loads, required=True, help="the config, as JSON")
    parser.add_argument("--basedir", type=Path, required=True, help="folder of the Snakefile")
    parser.add_argument("--html", type=Path, required=True, help="the page to write")
    parser.add_argument("--statistics", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--extremes", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--log", type=Path, required=True)
    args = parser.parse_args()

    with job_log(args.log):
        plan = load_plan(args.config, basedir=args.basedir)
        dataset_report(
            rows_of_data(plan),
            settings=settings_of(plan, DatasetReportSettings),
            splits=split_of_subjects(plan),
            facts=facts_of_data(plan),
            files=ReportFiles(args.html, args.statistics, args.labels, args.extremes),
            workers=args.workers,
        )
