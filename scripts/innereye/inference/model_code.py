"""Which code must lie beside a model so that it can be used elsewhere?"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from innereye.configs.run_settings import code_directory
from innereye.errors import ConfigError

# The folder of the Snakefile: this file is scripts/innereye/inference/model_code.py in it.
PIPELINE = Path(__file__).resolve().parents[3]
PACKAGE = "innereye"
ENVIRONMENT_YML = "environment.yml"
SCORE_PROGRAM = "score.py"  # InnerEye's name
COMPILED = "__pycache__"


@dataclass(frozen=True)
class ModelCode:
    """The code of a model: ours, the user's, programs at the top, and the environment of all.

    `project` is the working folder. Nothing below `outputs` is code, wherever it lies.
    """

    extra_code_directory: Path | None
    outputs: Path
    pipeline: Path = PIPELINE
    project: Path = Path()

    def copy_to(self, folder: Path) -> None:
        """Copy the package innereye, the user's code folder, the programs (score.py) and environment.yml.

        A program of the working folder stands in for one of the same name beside the Snakefile.

        Raises:
            ConfigError: the user's code folder or the file of the environment is not there.
        """
        self._copy_tree(self.pipeline / "scripts" / PACKAGE, folder / PACKAGE)
        if (extra := code_directory(self.extra_code_directory, self.pipeline)) is not None:
            if not extra.is_dir():
                raise ConfigError(f"extra_code_directory={extra} is not a folder.")
            self._copy_tree(extra, folder / extra.resolve().name)
        shutil.copyfile(self.pipeline / "scripts" / "segment_scan.py", folder / SCORE_PROGRAM)
        for root in (self.pipeline, self.project):
            for program in sorted(root.glob("*.py")):
                shutil.copyfile(program, folder / program.name)
        environment = self.pipeline / "envs" / "innereye.yaml"
        if not environment.is_file():
            raise ConfigError(f"{environment} does not exist; it names what a model needs to run.")
        shutil.copyfile(environment, folder / ENVIRONMENT_YML)

    def _copy_tree(self, source: Path, target: Path) -> None:
        for path in code_files(source, self.outputs.resolve()):
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def code_files(folder: Path, outputs: Path) -> Iterator[Path]:
    """Give the files of a code folder, without hidden and compiled ones, and those below `outputs`."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == COMPILED or path.resolve() == outputs:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from code_files(path, outputs)
        elif path.is_file():
            yield path
