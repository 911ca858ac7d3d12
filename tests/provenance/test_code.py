"""The fingerprint of code: meaning counts, layout does not."""

from pathlib import Path

import pytest

from innereye.provenance.code import ROOT, fingerprint, import_closure
from innereye.provenance.tokens import code_of

SOURCE = '''
"""Docstring."""

def area(width, height):
    """Return the area."""
    # Multiply.
    text = "kept"
    return width * height
'''


def test_comments_docstrings_and_layout_mean_nothing() -> None:
    other = (
        '"""Other."""\ndef area(width,\n         height):\n    text   =   "kept"\n\n\n'
        "    return width * height\n"
    )
    assert code_of(SOURCE) == code_of(other)


@pytest.mark.parametrize(
    ("old", "new"), [("width * height", "width + height"), ('"kept"', '"other"')]
)
def test_a_changed_token_means_another_result(old: str, new: str) -> None:
    assert code_of(SOURCE) != code_of(SOURCE.replace(old, new))


def test_indentation_that_changes_the_meaning_counts() -> None:
    inside = "def f(a):\n    if a:\n        b = 1\n        c = 2\n"
    outside = "def f(a):\n    if a:\n        b = 1\n    c = 2\n"
    assert code_of(inside) != code_of(outside)


def test_a_field_sentence_behind_a_field_means_nothing() -> None:
    assert code_of('a: int = 1\n"""One."""\nb = 2\n') == code_of("a: int = 1\nb = 2\n")


def test_letters_beyond_ascii_do_not_shift_what_is_dropped() -> None:
    assert code_of('x = "äöü"; """ä"""\n') == code_of('x = "äöü"; """b"""\n')
    assert code_of('x = "ä"\n') != code_of('x = "ö"\n')


def test_values_that_a_constructor_states_travel_as_settings() -> None:
    first = "class A:\n    def __init__(self):\n        self.x = 1\n    def hook(self):\n        return 1\n"
    assert code_of(first, without_constructors=True) == code_of(
        first.replace("self.x = 1", "self.x = 2"), without_constructors=True
    )
    assert code_of(first, without_constructors=True) != code_of(
        first.replace("return 1", "return 2"), without_constructors=True
    )


def package(folder: Path, **files: str) -> Path:
    (folder / "innereye").mkdir()
    for name, text in files.items():
        (folder / "innereye" / f"{name}.py").write_text(text)
    return folder


def test_the_closure_follows_imports_inside_functions(tmp_path: Path) -> None:
    root = package(
        tmp_path,
        top="def f():\n    from innereye import middle\n",
        middle="import innereye.low\nimport os\n",
        low="x = 1\n",
        beside="y = 1\n",
    )
    assert import_closure(("innereye.top",), root) >= {
        f"innereye.{m}" for m in ("top", "middle", "low")
    }
    assert "innereye.beside" not in import_closure(("innereye.top",), root)


def test_a_change_below_changes_the_fingerprint_and_one_beside_does_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    files = {"top": "from innereye.low import x\n", "low": "x = 1\n", "beside": "y = 1\n"}
    before = fingerprint("innereye.top", root=package(tmp_path / "a", **files))
    beside = fingerprint(
        "innereye.top", root=package(tmp_path / "b", **{**files, "beside": "y = 2\n"})
    )
    below = fingerprint("innereye.top", root=package(tmp_path / "c", **{**files, "low": "x = 2\n"}))
    assert before == beside
    assert before != below


def test_a_users_file_takes_part(tmp_path: Path) -> None:
    file = tmp_path / "Mine.py"
    file.write_text("def get_image_transform():\n    return 1\n")
    assert fingerprint("innereye.names") != fingerprint("innereye.names", user_files=(file,))


def test_training_depends_on_losses_and_not_on_reports() -> None:
    reached = import_closure(("innereye.training.train",), ROOT)
    assert "innereye.losses.soft_dice" in reached
    assert not [
        name for name in reached if name.startswith(("innereye.reports", "innereye.configs"))
    ]
