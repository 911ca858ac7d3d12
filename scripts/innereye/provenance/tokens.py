"""Which part of a source text has a meaning? Its tokens without comments, docstrings and layout."""

import ast
import io
import tokenize

LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)


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


def imported_names(source: str) -> list[str]:
    """Return all that a source text may import, inside functions too: modules and their members."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


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
