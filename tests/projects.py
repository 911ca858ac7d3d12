"""A user's working folder: data, a model class of their own, and snakemake as a real process."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
# The learning rate ruins the third of four epochs: the earlier test epoch is the better one.
TINY = """
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.data.splits import DatasetSplits


class Tiny(HelloWorld):
    def __init__(self) -> None:
        super().__init__(
            local_dataset="data",
            feature_channels=[8],
            num_downsampling_paths=1,
            crop_size=(16, 16, 16),
            test_crop_size=(48, 48, 48),
            crops_per_subject=12,
            num_epochs=4,
            test_epochs=[2, 3],
            l_rate=0.02,
            min_l_rate=0,
            l_rate_scheduler="MultiStep",
            l_rate_multi_step_milestones=[2],
            l_rate_multi_step_gamma=100,
            num_dataload_workers=0,
            max_num_gpus=0,
            num_cpu_threads=1,
        )

    def get_model_train_test_dataset_splits(self, dataset_df):
        others = [name for name in dataset_df.subject.unique() if name not in "123456"]
        return DatasetSplits.from_subject_ids(
            dataset_df, train_ids="1234", val_ids="56", test_ids=others
        )
"""
CONFIG = """
model: Tiny
extra_code_directory: MyCode
model_configs_namespace: MyCode.ML.configs
"""


@dataclass(frozen=True)
class Project:
    """A working folder of a user, and the pipeline that runs in it."""

    folder: Path
    pipeline: Path = REPOSITORY
    config_file: str = "mine.yaml"
    config_values: str = ""

    def set_up(self) -> None:
        """Write the user's model and config."""
        code = self.path("MyCode", "ML", "configs")
        code.mkdir(parents=True)
        (code / "Tiny.py").write_text(TINY)
        self.path(self.config_file).write_text(CONFIG + self.config_values)

    def command(self, *arguments: str, **config: object) -> list[str]:
        """Return the command line."""
        values = [f"{name}={value}" for name, value in config.items()]
        return [
            *(sys.executable, "-m", "snakemake", "--snakefile", str(self.snakefile)),
            *("--configfile", self.config_file),
            *("--workflow-profile", str(REPOSITORY / "profiles" / "default")),
            *arguments,
            *(("--config", *values) if values else ()),
        ]

    @property
    def snakefile(self) -> Path:
        """The Snakefile of the pipeline, or the one that `pipeline` names."""
        return self.pipeline / "Snakefile" if self.pipeline.is_dir() else self.pipeline

    def run(self, *arguments: str, **config: object) -> subprocess.CompletedProcess[str]:
        """Run snakemake to its end, whatever the outcome."""
        return subprocess.run(
            self.command(*arguments, **config),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def succeed(self, *arguments: str, **config: object) -> str:
        """Run snakemake, which must succeed, and return all that it printed."""
        done = self.run(*arguments, **config)
        printed = done.stdout + done.stderr
        assert done.returncode == 0, printed[-6000:]
        return printed

    def fail(self, *arguments: str, **config: object) -> str:
        """Run snakemake, which must fail without a traceback of Python, and return what it printed."""
        done = self.run(*arguments, **config)
        printed = done.stdout + done.stderr
        assert done.returncode != 0, printed[-6000:]
        assert "Traceback (most recent call last)" not in printed
        return printed

    def jobs(self, *arguments: str, **config: object) -> set[str]:
        """Return the rules that a dry run would run, without those that only collect."""
        printed = self.succeed("--dry-run", *arguments, **config)
        table = printed.split("Job stats:")[-1] if "Job stats:" in printed else ""
        return set(re.findall(r"^([a-z_]+) +\d+$", table, flags=re.MULTILINE)) - {"all", "total"}

    def environment(self) -> dict[str, str]:
        """Return the environment of a user who has not activated anything."""
        return {**os.environ, "PYTHONWARNINGS": "ignore"}

    def path(self, *parts: str) -> Path:
        """Return a path below the working folder."""
        return self.folder.joinpath(*parts)
