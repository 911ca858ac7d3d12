"""What is remembered of source files saves time and changes nothing."""

import json
import sys
from pathlib import Path

import pytest

from innereye.provenance import parsed_code
from innereye.provenance.parsed_code import ParsedFiles

SOURCE = "import os\n\ndef area(width, height):\n    return width * height\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "area.py"
    path.write_text(SOURCE)
    return path


@pytest.fixture(autouse=True)
def _compiled_files_are_allowed(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object, **__: object) -> str:
        raise AssertionError("parsed again")

    monkeypatch.setattr(parsed_code, "code_of", parse)


def test_another_process_parses_nothing_again(source, tmp_path, monkeypatch):
    first = ParsedFiles(tmp_path / "memory.json")
    found = first.of(source)
    first.remember()
    forbid_parsing(monkeypatch)
    assert ParsedFiles(tmp_path / "memory.json").of(source) == found


def test_another_content_is_parsed_whatever_the_time_says(source, tmp_path):
    first = ParsedFiles(tmp_path / "memory.json")
    found = first.of(source)
    first.remember()
    source.write_text(SOURCE.replace("*", "+"))
    assert ParsedFiles(tmp_path / "memory.json").of(source).tokens != found.tokens


def test_with_and_without_constructors_are_two_things(tmp_path):
    path = tmp_path / "Model.py"
    path.write_text("class A:\n    def __init__(self):\n        self.x = 1\n")
    memory = tmp_path / "memory.json"
    parts = [ParsedFiles(memory).of(path, without_constructors=each) for each in (True, False)]
    assert parts[0].tokens != parts[1].tokens


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', '{"a": {"tokens": "b"}}'])
def test_a_damaged_memory_is_no_memory(content, source, tmp_path):
    memory = tmp_path / "memory.json"
    memory.write_text(content)
    files = ParsedFiles(memory)
    files.of(source)
    files.remember()
    assert len(json.loads(memory.read_text())) == 1


def test_where_nothing_can_be_written_all_goes_on(source, tmp_path):
    (tmp_path / "file").touch()
    files = ParsedFiles(tmp_path / "file" / "memory.json")
    files.of(source)
    files.remember()
