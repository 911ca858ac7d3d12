"""Which code made a result? A fingerprint that comments, docstrings and layout do not change."""

import hashlib
from pathlib import Path

from innereye.provenance.parsed_code import ParsedFiles

PACKAGE = "innereye"
ROOT = Path(__file__).resolve().parents[2]
# Values of a model's fields travel to the jobs as settings; their code makes no result.
VALUES_ONLY = (f"{PACKAGE}.configs",)


def fingerprint(
    *modules: str,
    user_files: tuple[Path, ...] = (),
    root: Path = ROOT,
    parsed: ParsedFiles | None = None,
) -> str:
    """Return a hash over the tokens of modules and of all that they import within `innereye`.

    `modules` are dotted names such as `innereye.training.train`; `user_files` are model classes
    of the user, in which constructors are left out because the values that they state travel as
    settings. Twelve hexadecimal digits.
    """
    parsed = parsed or ParsedFiles()
    digest = hashlib.sha256()
    for name in sorted(import_closure(modules, root, parsed)):
        digest.update(f"{name}\n{parsed.of(module_path(name, root)).tokens}\n".encode())
    for path in sorted(user_files):
        digest.update(f"{parsed.of(path, without_constructors=True).tokens}\n".encode())
    parsed.remember()
    return digest.hexdigest()[:12]


def import_closure(
    modules: tuple[str, ...], root: Path, parsed: ParsedFiles | None = None
) -> set[str]:
    """Return the modules and every module of `innereye` that they reach through imports."""
    parsed = parsed or ParsedFiles()
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in reached or not is_followed(name) or not module_path(name, root).is_file():
            continue
        reached.add(name)
        waiting += parsed.of(module_path(name, root)).imports
    return reached


def is_followed(name: str) -> bool:
    """Does a module of this name decide results?"""
    is_own = name == PACKAGE or name.startswith(f"{PACKAGE}.")
    return is_own and not name.startswith(VALUES_ONLY)


def module_path(name: str, root: Path) -> Path:
    """Return the file of a module or of a package's `__init__`."""
    path = root.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
