"""Which code made a result? A fingerprint that comments, docstrings and layout do not change."""

import ast
import hashlib
import io
import tokenize
from functools import cache
from pathlib import Path

PACKAGE = "innereye"
ROOT = Path(__file__).resolve().parents[2]
# Values of a model's fields travel to the jobs as settings; their code makes no result.
VALUES_ONLY = (f"{PACKAGE}.configs",)
LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)


def fingerprint(*modules: str, user_files: tuple[Path, ...] = (), root: Path = ROOT) -> str:
    """Return a hash over the tokens of modules and of all that they import within `innereye`.

    `modules` are dotted names such as `innereye.training.train`; `user_files` are model classes
    of the user, in which constructors are left out because the values that they state travel as
    settings. Twelve hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name in sorted(import_closure(modules, root)):
        digest.update(f"{name}\n".encode())
        digest.update(code_of_file(module_path(name, root), False).encode())
    for path in sorted(user_files):
        digest.update(code_of_file(path, True).encode())
    return digest.hexdigest()[:12]


def import_closure(modules: tuple[str, ...], root: Path) -> set[str]:
    """Return the modules and every module of `innereye` that they reach through imports."""
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in reached or name.startswith(VALUES_ONLY) or not module_path(name, root).is_file():
            continue
        reached.add(name)
        waiting += imports_of(module_path(name, root), root)
    return reached


def module_path(name: str, root: Path) -> Path:
    """Return the file of a module or of a package's `__init__`."""
    path = root.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imports_of(path: Path, root: Path) -> list[str]:
    """Return the modules of `innereye` that a file imports, inside functions too."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    own = [name for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}.")]
    return [name for name in own if module_path(name, root).is_file()]


@cache
def code_of_file(path: Path, without_constructors: bool) -> str:
    """Return the tokens of a file that mean something, one a line."""
    return code_of(path.read_text(encoding="utf-8"), without_constructors=without_constructors)


def code_of(source: str, *, without_constructors: bool = False) -> str:
    """Return the tokens of a source text without comments, docstrings and layout, one a line."""
    dropped = [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt)
        and (is_bare_text(node) or (without_constructors and is_constructor(node)))
    ]
    kept: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        (line, column), kind = token.start, token.type
        column = len(token.line[:column].encode())  # ast counts bytes, tokenize characters
        if kind in LAYOUT or any(start <= (line, column) < end for start, end in dropped):
            continue
        kept.append({tokenize.INDENT: "{", tokenize.DEDENT: "}"}.get(kind, token.string))
    return "\n".join(kept)


def is_bare_text(node: ast.AST) -> bool:
    """Is this a docstring, or another text that stands alone?"""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def is_constructor(node: ast.AST) -> bool:
    """Is this a method whose outcome travels to the jobs: as settings, or as rows of the splits?"""
    travels = ("__init__", "get_model_train_test_dataset_splits")
    return isinstance(node, ast.FunctionDef) and node.name in travels
