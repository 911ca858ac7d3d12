"""Where is the class of a model? Files are looked for by name; exactly one is imported."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from innereye.configs.model_config import ModelConfig
from innereye.errors import ConfigError, did_you_mean

OWN_NAMESPACE = "innereye.configs"
NOT_MODELS = frozenset({"fields", "stages"})


def find_model_class(
    name: str, *, extra_code_directory: Path | None, model_configs_namespace: str
) -> type[ModelConfig]:
    """Return the class of that name from `<name>.py` in the user's namespace or in ours.

    Raises ConfigError if no file, several files, or no such class in the file is found; an error
    inside the user's file is shown as it is.
    """
    roots = search_roots(extra_code_directory, model_configs_namespace)
    candidates = [(folder, path) for folder, _ in roots for path in model_files(folder)]
    found = sorted({path for _, path in candidates if path.stem == name})
    if not found:
        known = {path.stem for _, path in candidates}
        folders = ", ".join(str(folder) for folder, _ in roots)
        raise ConfigError(
            f"There is no model '{name}'.{did_you_mean(name, known)} "
            f"Searched for {name}.py below {folders}."
        )
    if len(found) > 1:
        places = " and ".join(str(path) for path in found)
        raise ConfigError(f"The model '{name}' stands in two places: {places}. Rename one.")
    return class_in(import_file(found[0], roots), name, found[0])


def search_roots(
    extra_code_directory: Path | None, model_configs_namespace: str
) -> list[tuple[Path, str]]:
    """Return the folders to search with the namespace of each, the user's first."""
    own = Path(__file__).resolve().parent
    roots = [(own, OWN_NAMESPACE)]
    if extra_code_directory is None or model_configs_namespace in ("", OWN_NAMESPACE):
        return roots
    base = extra_code_directory.resolve().parent
    folder = base.joinpath(*model_configs_namespace.split("."))
    if not folder.is_dir():
        raise ConfigError(
            f"model_configs_namespace '{model_configs_namespace}' names the folder {folder}, which "
            f"does not exist. It must start with the name of extra_code_directory, "
            f"'{extra_code_directory.name}'."
        )
    if str(base) not in sys.path:
        sys.path.insert(0, str(base))
    return [(folder, model_configs_namespace), *roots]


def model_files(folder: Path) -> list[Path]:
    """Return the Python files below a folder that may hold a model."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if path.stem[:1].isupper() and not NOT_MODELS & set(path.relative_to(folder).parts)
    ]


def import_file(path: Path, roots: list[tuple[Path, str]]) -> ModuleType:
    """Import the file under the name that its namespace gives it."""
    folder, namespace = next(root for root in roots if path.is_relative_to(root[0]))
    module = ".".join([namespace, *path.relative_to(folder).with_suffix("").parts])
    try:
        return importlib.import_module(module)
    except ImportError as error:
        old = " Write innereye.configs instead of InnerEye.ML.configs." * (
            (error.name or "").partition(".")[0] == "InnerEye"
        )
        raise ConfigError(f"{path} cannot be imported: {error}.{old}") from error


def class_in(module: ModuleType, name: str, path: Path) -> type[ModelConfig]:
    """Return the model class that bears the file's name."""
    own = [
        item
        for item in vars(module).values()
        if isinstance(item, type) and item.__module__ == module.__name__
    ]
    for item in own:
        if item.__name__ == name and issubclass(item, ModelConfig):
            return item
    names = ", ".join(sorted(item.__name__ for item in own)) or "no class"
    raise ConfigError(
        f"{path} must define the class {name}, inheriting from a model such as "
        f"SegmentationModelBase: the class is named like its file. It defines {names}."
    )
