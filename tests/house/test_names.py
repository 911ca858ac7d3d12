"""Do files and classes carry the names of the house?"""

import ast
import re
from pathlib import Path

import pytest

JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}
MODELS = tuple(
    f"innereye/configs/{kind}" for kind in ("segmentation", "classification", "regression")
)


def modules(scripts: Path) -> list[Path]:
    return sorted(scripts.rglob("*.py"))


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def junk_drawers(scripts: Path) -> list[str]:
    return [
        f"{path.relative_to(scripts)}: name the subject instead"
        for path in sorted(scripts.rglob("*"))
        if JUNK_DRAWERS & set(path.stem.lower().strip("_").split("_"))
        and (path.suffix == ".py" or path.is_dir())
    ]


def misnamed_models(scripts: Path) -> list[str]:
    """A class that users name is found by its file: the one public class bears its name."""
    faults = []
    for file in sorted(file for folder in MODELS for file in (scripts / folder).glob("[!_]*.py")):
        classes = [node.name for node in parsed(file).body if isinstance(node, ast.ClassDef)]
        public = [name for name in classes if not name.startswith("_")]
        if public != [file.stem]:
            faults.append(f"{file.name}: has the classes {public}, allowed is {file.stem}")
    return faults


def misnamed_modules(scripts: Path) -> list[str]:
    folders = {scripts / folder for folder in MODELS}
    return [
        f"{file.relative_to(scripts)}: snake_case, please"
        for file in modules(scripts)
        if file.parent not in folders and not re.fullmatch(r"[a-z_][a-z0-9_]*", file.stem)
    ]


def modules_without_a_sentence(scripts: Path) -> list[str]:
    """The docstring of a module begins with one sentence: the question that it answers."""
    faults = []
    for file in modules(scripts):
        first = (ast.get_docstring(parsed(file)) or "").split("\n\n")[0].strip()
        if not first.endswith((".", "?", "!")):
            faults.append(f"{file.relative_to(scripts)}: begin with a sentence, got {first!r}")
    return faults


def packages_with_code(scripts: Path) -> list[str]:
    """`__init__.py` of a room holds its sentence and nothing else: no import has a side effect."""
    return [
        f"{file.relative_to(scripts)}: only a docstring, please"
        for file in sorted((scripts / "innereye").rglob("__init__.py"))
        if len(parsed(file).body) != 1 or ast.get_docstring(parsed(file)) is None
    ]


LAWS = [
    junk_drawers,
    misnamed_models,
    misnamed_modules,
    modules_without_a_sentence,
    packages_with_code,
]


@pytest.mark.parametrize("law", LAWS)
def test_names_keep_the_law(law, repository):
    faults = law(repository / "scripts")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("law", "path", "text"),
    [
        (junk_drawers, "innereye/io/utils.py", ""),
        (junk_drawers, "innereye/io/image_helpers.py", ""),
        (junk_drawers, "innereye/common/a.py", ""),
        (misnamed_models, f"{MODELS[0]}/Lung.py", "class LungBase: ..."),
        (misnamed_models, f"{MODELS[0]}/Lung.py", "class Lung: ...\nclass Heart: ..."),
        (misnamed_models, f"{MODELS[0]}/Lung.py", "x = 1"),
        (misnamed_modules, "innereye/io/Image.py", ""),
        (modules_without_a_sentence, "innereye/io/image.py", "x = 1"),
        (modules_without_a_sentence, "score.py", '"""Score"""'),
        (packages_with_code, "innereye/io/__init__.py", '"""Files."""\nimport os'),
        (packages_with_code, "innereye/io/__init__.py", ""),
    ],
)
def test_a_break_of_the_law_is_found(law, path, text, tmp_path):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert law(tmp_path)


def test_names_that_keep_the_law_pass(tmp_path):
    good = {
        f"{MODELS[0]}/Lung.py": '"""How are lungs segmented?"""\nclass Lung: ...\nclass _Part: ...',
        "innereye/io/image.py": '"""Bytes to arrays."""',
        "innereye/io/__init__.py": '"""Files."""',
    }
    for path, text in good.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert [fault for law in LAWS for fault in law(tmp_path)] == []
