"""Results against expected files: equal ones pass, each kind of difference is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import InnerEyeError
from innereye.reports.compare_with_expected import compare_with_expected, difference, is_equal

TABLE = "Patient,Dice\n1,0.5\n2,\n"


def compare(folder: Path, *, tolerance: float = 0.0) -> str:
    """Compare `expected` with `outputs` below a folder and return what was written."""
    expected = sorted(path for path in (folder / "expected").rglob("*") if path.is_file())
    text = folder / "outputs" / "compared.txt"
    compare_with_expected(
        expected=expected,
        folder=folder / "expected",
        outputs=folder / "outputs",
        tolerance=tolerance,
        text=text,
    )
    return text.read_text()


def put(folder: Path, name: str, before: str, after: str | None) -> None:
    """Write a file as it is expected and as it is."""
    for part, content in ((f"expected/OUTPUT/{name}", before), (f"outputs/{name}", after)):
        if content is not None:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            (folder / part).write_bytes(content.encode())


def test_equal_files_are_named_and_others_do_not_matter(tmp_path: Path) -> None:
    put(tmp_path, "epoch_002/Test/metrics.csv", TABLE, TABLE)
    put(tmp_path, "args.txt", "a\nb\n", "a\r\nb")
    (tmp_path / "outputs" / "more.bin").write_bytes(b"1")
    assert compare(tmp_path).splitlines()[1:] == ["args.txt", "epoch_002/Test/metrics.csv"]


def test_all_differences_are_said_at_once(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", TABLE, TABLE.replace("0.5", "0.6"))
    put(tmp_path, "b.txt", "one\n", "two\n")
    put(tmp_path, "c.bin", "12", "123")
    put(tmp_path, "d.txt", "x", None)
    put(tmp_path, "e.txt", "x", "x")
    with pytest.raises(InnerEyeError) as error:
        compare(tmp_path)
    assert str(error.value).split("\n") == [
        f"4 of 5 files in {tmp_path / 'outputs'} are not as expected:",
        "  - a.csv: row 2, column 'Dice': expected '0.5', found '0.6'.",
        "  - b.txt: line 1: expected 'one', found 'two'.",
        "  - c.bin: the bytes differ (2 expected, 3 found).",
        "  - d.txt: the file is missing.",
    ]
    assert not (tmp_path / "outputs" / "compared.txt").exists()


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (TABLE + "3,1\n", "row 4, column 'Patient': expected 'no such row', found '3'."),
        ("Patient,Dice\n1,0.5\n", "row 3, column 'Patient': expected '2', found 'no such row'."),
        (TABLE.replace("Dice", "dice"), "row 1, column 'Dice': expected 'Dice', found 'dice'."),
        (TABLE.replace("2,", "2,nan"), "row 3, column 'Dice': expected '', found 'nan'."),
        ("Patient\n1\n2\n", "row 1, column 'Dice': expected 'Dice', found 'no such cell'."),
        (TABLE.replace("0.5", "0.500"), ""),
        (TABLE.replace("\n", "\r\n"), ""),
    ],
)
def test_tables_are_compared_cell_by_cell(tmp_path: Path, after: str, fault: str) -> None:
    put(tmp_path, "a.csv", TABLE, after)
    found = difference(tmp_path / "expected/OUTPUT/a.csv", tmp_path / "outputs/a.csv", 0.0)
    assert found == fault


def test_numbers_may_differ_by_the_relative_tolerance(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", TABLE, TABLE.replace("0.5", "0.5004"))
    assert "a.csv" in compare(tmp_path, tolerance=1e-3)
    with pytest.raises(InnerEyeError, match=r"expected '0\.5'"):
        compare(tmp_path, tolerance=1e-4)


@given(number=st.floats(allow_nan=False, allow_infinity=False), share=st.floats(0, 0.1))
def test_a_number_equals_itself_at_any_tolerance(number: float, share: float) -> None:
    assert is_equal(repr(number), f"{number:.17e}", share)
    assert is_equal("nan", "NaN", share)
    assert not is_equal("nan", repr(number), share)
