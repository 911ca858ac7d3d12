"""Which model is run, on whose code, and where do the results go?"""

from pathlib import Path

from innereye.configs.comparison_settings import ComparisonSettings
from innereye.configs.scan_request import ScanRequest
from innereye.configs.tensorboard_settings import TensorboardSettings
from innereye.configs.values import Bool, Folder, OptionalPath, Text


class RunSettings(ComparisonSettings, ScanRequest, TensorboardSettings):
    """Keys of the config that are no fields of the model."""

    model: Text = ""
    """Name of the model's class, which is also the name of its file."""
    model_configs_namespace: Text = ""
    """Package with your model classes, such as InnerEyeLocal.ML.configs."""
    extra_code_directory: OptionalPath = None
    """Folder with your code; its name is the first part of model_configs_namespace."""
    outputs_dir: Folder = "outputs"
    """Folder for all results of this run."""
    overwrite: Bool = False
    """Let this run replace another model's run in outputs_dir."""
    msd_folder: OptionalPath = None
    """Folder to import by the target import_msd."""

    def code_directory(self, basedir: Path) -> Path | None:
        """Return the user's code folder: below the working directory, or else beside the Snakefile."""
        return code_directory(self.extra_code_directory, basedir)


def code_directory(folder: Path | None, basedir: Path) -> Path | None:
    """Return the user's code folder: below the working directory, or else beside the Snakefile."""
    if folder is None or folder.is_dir():
        return folder
    return basedir / folder
