"""Score the stored segmentations of a split against the ground truth."""

import argparse
from pathlib import Path

from innereye.configs.stages.score import ScoreSettings
from innereye.data.check_before_reading import check_before_reading
from innereye.jobs import job_log, job_settings
from innereye.metrics.metrics_csv import write_metrics
from innereye.metrics.score import score

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segmentations", type=Path, required=True, help="segmentations.csv")
    parser.add_argument("--split_csv", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    parser.add_argument("--surface", type=Path, required=True)
    parser.add_argument("--settings", required=True, help="fields of the scores, as JSON")
    parser.add_argument("--machine", default="{}", help="fields of the machine, as JSON")
    parser.add_argument("--record", type=Path, required=True, help="what checks of the data saw")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--log", type=Path, required=True)
    args = parser.parse_args()

    with job_log(args.log):
        settings = job_settings(ScoreSettings, args.settings, args.machine)
        check_before_reading(settings, [args.split_csv], record_file=args.record)
        metrics, surface = score(
            segmentations_csv=args.segmentations,
            split_csv=args.split_csv,
            settings=settings,
            num_processes=args.workers,
        )
        write_metrics(args.metrics, metrics)
        write_metrics(args.surface, surface)
