"""Segment a scan with a packaged model. In a model folder this program is called score.py."""

import argparse
import os
from pathlib import Path

from innereye.configs.readers import read_bool
from innereye.jobs import job_log
from innereye.names import SEGMENTATION_DCM_ZIP, SEGMENTATION_NII

HERE = Path(__file__).resolve().parent

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data_folder", type=Path, default=Path(), help="folder of the images")
parser.add_argument(
    "--model_folder", type=Path, default=HERE, help="default: this program's folder"
)
images = {"type": Path, "nargs": "+", "default": [Path("test.nii.gz")]}
parser.add_argument("--image_files", **images, help="one a channel; or a DICOM folder or zip")
parser.add_argument("--result_folder", type=Path, default=Path(), help="default: working folder")
parser.add_argument("--result_image_name", default=SEGMENTATION_NII)
parser.add_argument("--result_zip_dicom_name", default=SEGMENTATION_DCM_ZIP)
parser.add_argument("--dicom_format", default="RTSTRUCT", choices=["RTSTRUCT", "SEG"])
parser.add_argument("--use_gpu", type=read_bool, default=True)
parser.add_argument("--use_dicom", type=read_bool, help="InnerEye's; the input itself tells")
parser.add_argument("--model_id", default="", help="NAME:VERSION, noted in DICOM files")
parser.add_argument("--log", default=os.devnull)
args = parser.parse_args()

with job_log(args.log):
    from innereye.inference.scan_as_dicom import DicomFormat, DicomRequest
    from innereye.inference.segment_scan import ScanResult, segment_scan

    dicom = DicomRequest(DicomFormat(args.dicom_format), args.result_zip_dicom_name, args.model_id)
    segment_scan(
        [args.data_folder / file for file in args.image_files],
        model_folder=args.model_folder,
        result=ScanResult(args.result_folder, args.result_image_name, dicom),
        max_num_gpus=-1 if args.use_gpu else 0,
    )
