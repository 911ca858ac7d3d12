"""Finding the class of a model by its name."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from innereye.configs.search import find_model_class
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.errors import ConfigError

MODEL = """
from innereye.configs.segmentation.HelloWorld import HelloWorld

class {name}(HelloWorld):
    pass
"""


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Path]:
    """A user's folder whose package no other test uses."""
    folder = tmp_path / f"Local{tmp_path.name.replace('-', '_')}"
    (folder / "ML" / "configs" / "segmentation").mkdir(parents=True)
    path = list(sys.path)
    yield folder
    sys.path[:] = path


def write(folder: Path, name: str, text: str) -> None:
    (folder / "ML" / "configs" / "segmentation" / f"{name}.py").write_text(text)


def find(folder: Path, name: str) -> type:
    return find_model_class(
        name, extra_code_directory=folder, model_configs_namespace=f"{folder.name}.ML.configs"
    )


def test_own_models_are_found_without_a_folder_of_the_user() -> None:
    found = find_model_class("HelloWorld", extra_code_directory=None, model_configs_namespace="")
    assert found is HelloWorld


def test_a_users_model_is_found_beside_ours(local: Path) -> None:
    write(local, "Mine", MODEL.format(name="Mine"))
    assert find(local, "Mine").__name__ == "Mine"
    assert find(local, "HelloWorld") is HelloWorld


def test_only_the_named_file_is_imported(local: Path) -> None:
    write(local, "Mine", MODEL.format(name="Mine"))
    write(local, "Broken", "this is no Python")
    assert find(local, "Mine").__name__ == "Mine"


def test_an_unknown_name_lists_folders_and_the_nearest(local: Path) -> None:
    write(local, "Prostate9", MODEL.format(name="Prostate9"))
    with pytest.raises(ConfigError, match="Did you mean 'Prostate9'") as error:
        find(local, "Prostate8")
    assert str(local) in str(error.value)


def test_the_class_is_named_like_its_file(local: Path) -> None:
    write(local, "Mine", MODEL.format(name="Yours"))
    with pytest.raises(ConfigError, match=r"must define the class Mine.*It defines Yours"):
        find(local, "Mine")


def test_an_imported_name_is_no_definition(local: Path) -> None:
    origin = "innereye.configs.segmentation.HelloWorld"
    write(local, "Mine", f"from {origin} import HelloWorld as Mine\n")
    with pytest.raises(ConfigError, match="It defines no class"):
        find(local, "Mine")


def test_two_files_of_one_name_are_named(local: Path) -> None:
    write(local, "HelloWorld", MODEL.format(name="HelloWorld"))
    with pytest.raises(ConfigError, match="stands in two places"):
        find(local, "HelloWorld")


def test_what_cannot_be_imported_is_named_with_the_users_file(local: Path) -> None:
    write(local, "Mine", "import no_such_package\n")
    with pytest.raises(ConfigError, match=r"Mine\.py cannot be imported: .*no_such_package"):
        find(local, "Mine")


def test_a_namespace_that_does_not_fit_the_folder(local: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        find_model_class(
            "Mine", extra_code_directory=local, model_configs_namespace="Other.ML.configs"
        )


def test_an_import_of_the_original_says_what_to_write_instead(tmp_path):
    folder = tmp_path / "MyCode" / "configs"
    folder.mkdir(parents=True)
    (folder / "Old.py").write_text("from InnerEye.ML.configs.segmentation.ProstateBase import X\n")
    with pytest.raises(ConfigError, match=r"Old\.py cannot be imported.*Write innereye\.configs"):
        find_model_class(
            "Old",
            extra_code_directory=tmp_path / "MyCode",
            model_configs_namespace="MyCode.configs",
        )
