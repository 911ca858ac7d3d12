"""Is every file small enough to read? Growth is a decision: it stands in the list of exceptions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FILE_LINES = 300
FUNCTION_LINES = 40
SCRIPT_LINES = 40
SNAKEFILE_LINES = 80
INPUT_FUNCTION_LINES = 8

# "path" or "path::function" -> (lines allowed, why). One that is no longer needed is a fault, too.
EXCEPTIONS: dict[str, tuple[int, str]] = {}


def lines_of(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def python_functions(file: Path) -> Iterator[tuple[str, int]]:
    """Give each function's name and lines, decorators and docstring included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def snakemake_functions(file: Path) -> Iterator[tuple[str, int]]:
    """Give the functions of a file that Python cannot parse: `def` to the next line outside."""
    text = file.read_text(encoding="utf-8")
    for found in re.finditer(r"^def (\w+)(?:.*\n)(?:(?:[ \t].*|\).*|)\n)*", text, re.MULTILINE):
        yield found[1], len(found[0].rstrip().splitlines())


def measured(root: Path) -> Iterator[tuple[str, int, int]]:
    """Give what is measured, its lines and its limit."""
    packages = [folder for folder in (root / "scripts").glob("*/") if folder.name.isidentifier()]
    for file in sorted(file for folder in packages for file in folder.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        yield path, lines_of(file), FILE_LINES
        for name, lines in python_functions(file):
            yield f"{path}::{name}", lines, FUNCTION_LINES
    for file in sorted((root / "scripts").glob("*.py")):
        yield file.relative_to(root).as_posix(), lines_of(file), SCRIPT_LINES
    for file in sorted(root.glob("rules/*.smk")):
        path = file.relative_to(root).as_posix()
        yield path, lines_of(file), FILE_LINES
        for name, lines in snakemake_functions(file):
            yield f"{path}::{name}", lines, INPUT_FUNCTION_LINES
    for file in root.glob("Snakefile"):
        yield "Snakefile", lines_of(file), SNAKEFILE_LINES


def too_large(root: Path, exceptions: dict[str, tuple[int, str]]) -> list[str]:
    return [
        f"{what}: {lines} lines, allowed are {exceptions.get(what, (limit, ''))[0]}"
        for what, lines, limit in measured(root)
        if lines > exceptions.get(what, (limit, ""))[0]
    ]


def needless_exceptions(root: Path, exceptions: dict[str, tuple[int, str]]) -> list[str]:
    needed = {what for what, lines, limit in measured(root) if lines > limit}
    return sorted(exceptions.keys() - needed)


def scripts_with_logic(root: Path) -> list[str]:
    """A script calls the library: it defines nothing, so nothing in it needs a test of its own."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    return [
        f"{file.name}:{node.lineno} defines something: move it into the library"
        for file in sorted((root / "scripts").glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, definitions)
    ]


def test_nothing_is_too_large_to_read(repository):
    faults = too_large(repository, EXCEPTIONS)
    assert not faults, "\n".join(faults)


def test_every_exception_is_needed(repository):
    assert needless_exceptions(repository, EXCEPTIONS) == []


def test_scripts_hold_no_logic(repository):
    assert scripts_with_logic(repository) == []


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("scripts/innereye/io/a.py", "x = 1\n" * 301, "scripts/innereye/io/a.py: 301"),
        ("scripts/innereye/io/a.py", "def f():\n" + " x = 1\n" * 40, "a.py::f: 41"),
        ("scripts/innereye/io/a.py", "class A:\n @p\n def f():\n" + "  x\n" * 39, "a.py::f: 41"),
        ("scripts/score.py", "x = 1\n" * 41, "scripts/score.py: 41"),
        ("Snakefile", "x = 1\n" * 81, "Snakefile: 81"),
        ("rules/common.smk", "def f(\n x,\n):\n" + " y\n" * 6 + "z = 1\n", "common.smk::f: 9"),
        ("rules/score.smk", "# a\n" * 301, "rules/score.smk: 301"),
    ],
)
def test_something_too_large_is_found(path, text, fault, tmp_path):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    assert [found for found in too_large(tmp_path, {}) if fault in found]


def test_an_exception_allows_its_lines_and_no_more(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "Snakefile").write_text("x = 1\n" * 90)
    assert too_large(tmp_path, {"Snakefile": (90, "reason")}) == []
    assert too_large(tmp_path, {"Snakefile": (89, "reason")})
    assert needless_exceptions(tmp_path, {"Snakefile": (90, "reason")}) == []
    assert needless_exceptions(tmp_path, {"rules/a.smk": (400, "reason")}) == ["rules/a.smk"]


@pytest.mark.parametrize("text", ["def f(): ...", "class A: ...", "f = lambda: 1"])
def test_a_script_with_logic_is_found(text, tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "score.py").write_text(text)
    assert scripts_with_logic(tmp_path)
