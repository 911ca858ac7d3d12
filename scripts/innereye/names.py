"""What are the columns, files and choices called? Every name that users see is spelled here, once."""

import re
from enum import StrEnum

# --- dataset.csv ---------------------------------------------------------------------------------
DATASET_CSV = "dataset.csv"
SUBJECT = "subject"
CHANNEL = "channel"
FILE_PATH = "filePath"
INSTITUTION = "institutionId"
SERIES = "seriesId"

# --- data set of a scalar model ------------------------------------------------------------------
DROPPED_ITEMS_CSV = "dropped_items.csv"
REASON = "reason"

# --- a data set in the cloud ---------------------------------------------------------------------
CLOUD_FILES_CSV = "files_in_cloud.csv"
UNCHECKED_DATA = "INNEREYE_UNCHECKED_DATA"  # variable: folder with images that no check has opened

# --- metrics -------------------------------------------------------------------------------------
PATIENT = "Patient"
STRUCTURE = "Structure"
DICE = "Dice"
HAUSDORFF = "HausdorffDistance_mm"
MEAN_DISTANCE = "MeanDistance_mm"
HAUSDORFF_95 = "HausdorffDistance95_mm"
SURFACE_DICE = "NormalizedSurfaceDice"
METRIC_COLUMNS = (DICE, HAUSDORFF, MEAN_DISTANCE)
SURFACE_METRIC_COLUMNS = (HAUSDORFF_95, SURFACE_DICE)
HIGH_IS_GOOD = frozenset({DICE, SURFACE_DICE})

# --- files of a run ------------------------------------------------------------------------------
METRICS_CSV = "metrics.csv"
SURFACE_METRICS_CSV = "surface_metrics.csv"
EPOCH_METRICS_CSV = "epoch_metrics.csv"
SEGMENTATIONS_CSV = "segmentations.csv"
THUMBNAILS = "thumbnails"
REPORT_PICTURES = "report_pictures"
THUMBNAILS_CSV = "thumbnails.csv"
SEGMENTATION_NII = "segmentation.nii.gz"
SEGMENTATION_DCM_ZIP = "segmentation.dcm.zip"
UNCERTAINTY_NII = "uncertainty.nii.gz"
CHECKPOINTS = "checkpoints"
LAST_CHECKPOINT = "last.ckpt"
TRAINED_MODELS = "trained_models"
RUN_IDENTITY = ".run.json"
DATASET_ID_TXT = "dataset_id.txt"
GROUND_TRUTH_IDS_TXT = "ground_truth_ids.txt"
IMAGE_CHANNEL_IDS_TXT = "image_channel_ids.txt"

BACKGROUND = "background"

# --- several runs together -----------------------------------------------------------------------
CROSSVAL_RESULTS = "CrossValResults"
ENSEMBLE = "ENSEMBLE"
CURRENT = "CURRENT"
BASELINE_COMPARISONS = "BaselineComparisons"
SCATTERPLOTS = "scatterplots"
METRICS_ACROSS_ALL_RUNS_CSV = "MetricsAcrossAllRuns.csv"
RUN_DICTIONARY_TXT = "RunDictionary.txt"
RESULTS_BY_MODE_CSV = "ResultsByMode.csv"
RESULTS_BY_MODE_AND_STRUCTURE_CSV = "ResultsByModeAndStructure.csv"
RESULTS_BY_FOLD_CSV = "ResultsByFold.csv"
FINAL_MODEL = "final_model"
FINAL_ENSEMBLE_MODEL = "final_ensemble_model"
MODEL_INFERENCE_CONFIG_JSON = "model_inference_config.json"
INFERENCE_SETTINGS_JSON = "inference_settings.json"
EXPORTED_MODEL = "exported_model"
EXPORT_JSON = "export.json"
DATA_SPLIT = "data_split"
MODE = "mode"
RUN_OF_ROW = "split"  # the original's word for the run that a row of the tables comes from

# --- segmentations.csv ---------------------------------------------------------------------------
FILE = "file"
SHA256 = "sha256"
SIZE_ZYX = "size_zyx"
SPACING_ZYX_MM = "spacing_zyx_mm"
SEGMENTATIONS_COLUMNS = (SUBJECT, FILE, SHA256, SIZE_ZYX, SPACING_ZYX_MM)

# --- variables that the executor sets on the node of a cluster -----------------------------------
AZUREML_DATA = "SNAKEMAKE_AZUREML_DATA"  # folder of the job's data set
AZUREML_RECOVERY = "SNAKEMAKE_AZUREML_RECOVERY"  # folder that outlives the node, and retries


class Split(StrEnum):
    """Part of the data set; also the name of its folder."""

    TRAIN = "Train"
    VAL = "Val"
    TEST = "Test"


SPLIT_CSV = {
    Split.TRAIN: "train_dataset.csv",
    Split.VAL: "val_dataset.csv",
    Split.TEST: "test_dataset.csv",
}


class LabelTransform(StrEnum):
    """What is done to the labels of an item, one from each label channel, before they are learnt."""

    IDENTITY = "Identity"
    DIFFERENCE = "Difference"
    SCALING = "Scaling"
    SCALING_BY_MAXIMUM = "ScalingByMaximum"


class EnsembleAggregationType(StrEnum):
    """How the posteriors of an ensemble's members become one."""

    AVERAGE = "Average"
    MAJORITY_VOTE = "MajorityVote"


class InferenceBlending(StrEnum):
    """How windows that overlap become one result."""

    CROP = "Crop"
    GAUSSIAN = "Gaussian"


class Axis(StrEnum):
    """Axis of a volume."""

    Z = "z"
    Y = "y"
    X = "x"


class Architecture(StrEnum):
    """Network of a segmentation model."""

    BASIC = "Basic"
    UNET3D = "UNet3D"
    UNET2D = "UNet2D"
    RESIDUAL_UNET3D = "ResidualUNet3D"
    PASS_THROUGH = "PassThrough"


class NormalisationLayer(StrEnum):
    """Layer behind each convolution that evens out the activations."""

    BATCH = "BatchNorm"
    INSTANCE = "InstanceNorm"


class NormMethod(StrEnum):
    """Photometric normalisation of the full image."""

    UNCHANGED = "None"
    SIMPLE = "Simple Norm"
    MRI_WINDOW = "MRI Window"
    CT_WINDOW = "CT Window"
    TRIMMED = "Trimmed Norm"


class PaddingMode(StrEnum):
    """How an image smaller than the crop is filled up (names of numpy.pad)."""

    ZERO = "constant"
    EDGE = "edge"
    LINEAR_RAMP = "linear_ramp"
    MAXIMUM = "maximum"
    MEAN = "mean"
    MEDIAN = "median"
    MINIMUM = "minimum"
    REFLECT = "reflect"
    SYMMETRIC = "symmetric"
    WRAP = "wrap"
    NO_PADDING = "no_padding"


class LossType(StrEnum):
    """Loss of a segmentation model."""

    SOFT_DICE = "SoftDice"
    CROSS_ENTROPY = "CrossEntropy"
    FOCAL = "Focal"
    DICE_CROSS_ENTROPY = "DiceCrossEntropy"
    MIXTURE = "Mixture"


class OptimizerType(StrEnum):
    """Optimiser of the weights."""

    ADAM = "Adam"
    AMSGRAD = "AMSGrad"
    SGD = "SGD"
    RMSPROP = "RMSprop"
    ADAMW = "AdamW"


class LRScheduler(StrEnum):
    """Course of the learning rate over the epochs."""

    EXPONENTIAL = "Exponential"
    STEP = "Step"
    POLYNOMIAL = "Polynomial"
    COSINE = "Cosine"
    MULTI_STEP = "MultiStep"


class LRWarmUp(StrEnum):
    """Course of the learning rate in the warm-up epochs."""

    NO_WARMUP = "NoWarmUp"
    LINEAR = "Linear"


class Profiler(StrEnum):
    """What takes down the times of a training."""

    SIMPLE = "simple"
    ADVANCED = "advanced"
    PYTORCH = "pytorch"


class StartMethod(StrEnum):
    """How a process that cuts crops is started."""

    FORK = "fork"
    FORKSERVER = "forkserver"
    SPAWN = "spawn"


class ExportFormat(StrEnum):
    """Format of a network for other programs; the end of its file's name."""

    ONNX = "onnx"
    TORCHSCRIPT = "torchscript.pt"


def epoch_folder(epoch: int) -> str:
    """Return the folder of a test epoch, counted from 1: `epoch_002`."""
    return f"epoch_{epoch:03d}"


def epoch_checkpoint(epoch: int) -> str:
    """Return the file name of a test epoch's checkpoint: `epoch_002.ckpt`."""
    return f"{epoch_folder(epoch)}.ckpt"


def exported_network(export_format: str) -> str:
    """Return the file name of a network for other programs: `model.onnx`."""
    return f"model.{export_format}"


def posterior_nii(name: str) -> str:
    """Return the file name of the posterior of a structure or the background."""
    return f"posterior_{name}.nii.gz"


def mask_nii(name: str) -> str:
    """Return the file name of the binary mask of a structure or the background."""
    return f"{name}.nii.gz"


def subject_folder(subject: str) -> str:
    """Return the folder of a subject: three digits or more for whole numbers, else the id made safe.

    `7` gives `007`; letters, digits, `.`, `_` and `-` stay, every other run of characters becomes `_`.
    """
    if subject.isascii() and subject.isdigit():
        return f"{int(subject):03d}"
    return re.sub(r"[^A-Za-z0-9._-]+", "_", subject).lstrip(".") or "_"


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Return a sorting key that puts `2` before `10` and `a2` before `a10`."""
    parts = re.split(r"(\d+)", text)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
