"""Say of each subject of a split what one network, or an ensemble of several, gives."""

import argparse
from pathlib import Path

from innereye.configs.load_scalar import load_scalar_model
from innereye.configs.stages.classify import ClassifySettings
from innereye.data.scalar.check_before_reading import check_before_classifying
from innereye.jobs import job_log, job_settings
from innereye.names import Split

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
parser.add_argument("--split_csv", type=Path, required=True)
parser.add_argument("--split", type=Split, choices=list(Split), required=True)
parser.add_argument("--epoch", type=int, required=True, help="finished epochs")
parser.add_argument("--fold", type=int, default=-1, help="fold, or -1 for none")
parser.add_argument("--metrics", type=Path, required=True, help="the file to write")
parser.add_argument("--settings", required=True, help="fields of the inference, as JSON")
parser.add_argument("--machine", default="{}", help="fields of the machine, as JSON")
parser.add_argument("--config", required=True, help="the config, as JSON")
parser.add_argument("--basedir", type=Path, required=True, help="folder of the Snakefile")
parser.add_argument("--log", type=Path, required=True)
args = parser.parse_args()

with job_log(args.log):
    settings = job_settings(ClassifySettings, args.settings, args.machine)
    model = load_scalar_model(args.config, args.basedir)
    check_before_classifying(settings, model, [args.split_csv])
    from innereye.inference.scalar.classify import Place, classify

    classify(
        checkpoints=args.checkpoints,
        split_csv=args.split_csv,
        output_folder=args.metrics.parent,
        place=Place(args.split, args.epoch, args.fold),
        settings=settings,
        model=model,
    )
